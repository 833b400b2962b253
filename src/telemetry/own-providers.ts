import type { Attributes, LoggerProvider, MeterProvider } from '@opentelemetry/api';
import { exportAgent } from './export-agent.ts';
import { MetricOutlet, type OutletOptions } from './export-outlet.ts';
import type { Sink } from './export-plan.ts';
import { LogOutlet } from './log-outlet.ts';
import { otelPackage } from './otel-packages.ts';
import { RequestDurations, type RequestDurationsOptions } from './request-durations.ts';
import { resourceOf } from './resource.ts';
import { withoutRetry } from './without-retry.ts';

/** A provider that outlive made, for a signal that the app has none for. Never registered: the app's place stays free. */
export interface OwnProvider<Provider> {
  readonly provider: Provider;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
  /** Ends it because the app's provider has taken over. */
  handOver(): Promise<void>;
}

export interface OwnMeterProviderOptions extends OwnProviderOptions {
  /** Requests whose durations are exported; without it, none. */
  readonly requests: Pick<RequestDurationsOptions, 'times' | 'version'> | undefined;
}

export interface OwnProviderOptions {
  readonly sink: Exclude<Sink, { to: 'nowhere' }>;
  /** What the app's provider for the other signal says of the app. */
  readonly identity: Attributes;
  /** Of an export. */
  readonly intervalMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly outlet: OutletOptions;
}

/**
 * The modules cost 100 ms of CPU and 25 MB together (170 ms and 33 MB where npm installs some of them twice), so they are
 * loaded when it is known that they are needed, and the app has a turn between two of them.
 */
export async function ownMeterProvider(options: OwnMeterProviderOptions): Promise<OwnProvider<MeterProvider>> {
  const { sink, identity, intervalMs, env, outlet, requests } = options;
  const { ValueType } = await otelPackage('@opentelemetry/api');
  await loadFoundation();
  const sdk = await otelPackage('@opentelemetry/sdk-metrics');
  const otlp = sink.to === 'otlp' ? await otelPackage('@opentelemetry/exporter-metrics-otlp-http') : undefined;
  const resource = await resourceOf(identity);
  return outlet.quietly(() => {
    const inner =
      sink.to === 'otlp' && otlp !== undefined
        ? withoutRetry(new otlp.OTLPMetricExporter(otlpOptions(sink.url, 'METRICS', env)))
        : new sdk.ConsoleMetricExporter();
    const temporality = inner.selectAggregationTemporality(sdk.InstrumentType.HISTOGRAM);
    const sendsDeltas = temporality === sdk.AggregationTemporality.DELTA;
    const exporter = new MetricOutlet(inner, { ...outlet, sendsDeltas });
    const reader = new sdk.PeriodicExportingMetricReader({
      exporter,
      metricProducers:
        requests === undefined
          ? []
          : [
              new RequestDurations({
                ...requests,
                sdk,
                temporality,
                valueType: ValueType.DOUBLE,
                wallMs: Date.now,
              }),
            ],
      exportIntervalMillis: intervalMs,
      exportTimeoutMillis: intervalMs,
    });
    const provider = new sdk.MeterProvider({ resource, readers: [reader] });
    const shutdown = () => outlet.quietly(() => provider.shutdown());
    return {
      provider,
      flush: () => outlet.quietly(() => provider.forceFlush()),
      shutdown,
      handOver: () => {
        exporter.mute();
        return shutdown();
      },
    };
  });
}

/**
 * What comes within one delay. Each finding is told once or twice in it, and at the defaults 200 stand: the processor drops
 * what is beyond without a word.
 */
const maxQueuedRecords = 2048;

/** What both SDKs load first, in turns of its own: two thirds of the time for which they would hold the event loop. */
async function loadFoundation(): Promise<void> {
  await otelPackage('@opentelemetry/semantic-conventions');
  await otelPackage('@opentelemetry/core');
  await otelPackage('@opentelemetry/resources');
}

/** @see ownMeterProvider */
export async function ownLoggerProvider(options: OwnProviderOptions): Promise<OwnProvider<LoggerProvider>> {
  const { sink, identity, intervalMs, env, outlet } = options;
  await loadFoundation();
  const sdk = await otelPackage('@opentelemetry/sdk-logs');
  const otlp = sink.to === 'otlp' ? await otelPackage('@opentelemetry/exporter-logs-otlp-http') : undefined;
  const resource = await resourceOf(identity);
  return outlet.quietly(() => {
    const inner =
      sink.to === 'otlp' && otlp !== undefined
        ? withoutRetry(new otlp.OTLPLogExporter(otlpOptions(sink.url, 'LOGS', env)))
        : new sdk.ConsoleLogRecordExporter();
    const exporter = new LogOutlet(inner, outlet);
    const processor = new sdk.BatchLogRecordProcessor({
      exporter,
      scheduledDelayMillis: intervalMs,
      maxQueueSize: maxQueuedRecords,
      maxExportBatchSize: maxQueuedRecords,
    });
    const provider = new sdk.LoggerProvider({ resource, processors: [processor] });
    const shutdown = () => outlet.quietly(() => provider.shutdown());
    return {
      provider,
      // the processor passes on what is new: what the outlet has already may wait for its next attempt for minutes
      flush: async () => {
        await outlet.quietly(() => provider.forceFlush());
        await exporter.forceFlush();
      },
      shutdown,
      handOver: shutdown,
    };
  });
}

/** What is left out, headers, compression and time-out among it, the exporters take from the environment themselves. */
const otlpOptions = (url: string, signal: 'METRICS' | 'LOGS', env: Readonly<Record<string, string | undefined>>) => ({
  url,
  concurrencyLimit: 2,
  httpAgentOptions: (protocol: string) => exportAgent(protocol, signal, env),
});
