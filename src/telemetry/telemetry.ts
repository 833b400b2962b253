import type { LoggerProvider, MeterProvider } from '@opentelemetry/api';
import type { Finding } from '../detect/finding.ts';
import { within } from './deadline.ts';
import type { ExportDrop, OutletOptions } from './export-outlet.ts';
import { type ExportPlan, exportPlan, printableUrl } from './export-plan.ts';
import { type ContextApi, type FindingLogger, findingRecord } from './finding-event.ts';
import { Instruments } from './instruments.ts';
import { scopeName } from './names.ts';
import { otelPackage } from './otel-packages.ts';
import { appApiVersion, appLoggerProvider, appMeterProvider, withoutTracing } from './otel-registry.ts';
import { ownLoggerProvider, ownMeterProvider } from './own-providers.ts';
import { type Destination, ProviderRoute } from './provider-route.ts';
import type { Readings } from './readings.ts';
import { identityOf } from './resource.ts';
import { Seldom } from './seldom.ts';

export interface TelemetryOptions {
  readonly readings: Readings;
  /** outlive's own. */
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `auto`: the metrics of the semantic conventions only where outlive made the provider, so that none is told twice. */
  readonly runtimeMetrics: 'auto' | 'on' | 'off';
  /** A finding as one line that a person can act on. */
  readonly describe: (finding: Finding) => string;
  /** Runs `fn` outside any context of the app and with outlive's own hooks looking away; so does what it starts. */
  readonly quietly: <T>(fn: () => T) => T;
  /** Runs `fn`, for somebody who wants to know how long that takes. */
  readonly timed?: <T>(fn: () => T) => T;
  /** Prints a line for the user. Kept rare. */
  readonly warn: (line: string) => void;
  /** Something of ours failed that no user can mend. */
  readonly failed: (what: string, error: unknown) => void;
  /** Providers that the app has handed over by itself before telemetry was there. */
  readonly given?: Providers;
  /** A signal goes another way than before: the app's provider has turned up. */
  readonly rerouted?: (routes: Routes) => void;
  readonly nowMs: () => number;
  /** Timers that do not hold the process open. */
  readonly setTimeout: (fn: () => void, ms: number) => { cancel(): void };
}

/** Providers that the app hands over itself, instead of or before registering them. */
export interface Providers {
  readonly meterProvider?: MeterProvider | undefined;
  readonly loggerProvider?: LoggerProvider | undefined;
}

export interface Routes {
  readonly metrics: Destination;
  readonly logs: Destination;
}

const exportTimeoutMs = 30_000;
const failureLineEveryMs = 5 * 60_000;

/**
 * What leaves the process, and by which way. Call it after the app's first line: until then nothing of OpenTelemetry is
 * loaded, and the app has had its chance to register providers of its own.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const telemetry = new Telemetry(options);
  await telemetry.open();
  return telemetry;
}

export class Telemetry {
  readonly #o: TelemetryOptions;
  readonly #plan: ExportPlan;
  readonly #metrics: ProviderRoute<MeterProvider>;
  readonly #logs: ProviderRoute<LoggerProvider>;
  readonly #failures: Seldom;
  readonly #drops = new Map<ExportDrop, number>();
  #instruments: Instruments | undefined;
  #logger: FindingLogger | undefined;
  #contextApi: ContextApi | undefined;
  #contextApiLoaded: Promise<void> | undefined;
  #opened = false;
  #closed = false;

  constructor(options: TelemetryOptions) {
    this.#o = options;
    this.#plan = exportPlan(options.env);
    this.#failures = new Seldom(failureLineEveryMs, options.nowMs, options.warn);
    const common = {
      failed: (what: string, error: unknown) => options.failed(`telemetry: ${what}`, error),
      changed: () => this.#changed(),
    };
    this.#metrics = new ProviderRoute<MeterProvider>({
      ...common,
      sink: this.#plan.metrics,
      ofApp: appMeterProvider,
      make: (sink) =>
        ownMeterProvider({
          ...this.#own('metrics'),
          ...this.#producers(),
          sink,
          intervalMs: this.#plan.metricIntervalMs,
        }),
      attach: (provider, own) => this.#attachMetrics(provider, own),
    });
    this.#logs = new ProviderRoute<LoggerProvider>({
      ...common,
      sink: this.#plan.logs,
      ofApp: appLoggerProvider,
      make: (sink) => ownLoggerProvider({ ...this.#own('findings'), sink, intervalMs: this.#plan.logDelayMs }),
      attach: (provider) => this.#attachLogs(provider),
    });
  }

  /** Where metrics and findings go now. */
  get routes(): Routes {
    return { metrics: this.#metrics.destination, logs: this.#logs.destination };
  }

  /** What the user asked for and does not get, a line each. */
  get notes(): readonly string[] {
    return this.#plan.notes;
  }

  /** The version of `@opentelemetry/api` that the app has registered with, if it has. */
  get appApiVersion(): string | undefined {
    return appApiVersion();
  }

  /** Whether there are more series than outlive exports: some were folded into `other` or left out. */
  get seriesExhausted(): boolean {
    return this.#instruments?.exhausted ?? false;
  }

  /** What was given up because nobody took it for too long: running totals. */
  get drops(): ReadonlyMap<string, number> {
    return this.#drops;
  }

  async open(): Promise<void> {
    if (this.#o.given !== undefined) this.use(this.#o.given);
    await this.#metrics.open();
    await this.#logs.open();
    await this.#contextApiLoaded;
    this.#opened = true;
  }

  /** Follows the app's providers and moves the samples on; cheap. */
  onSweep(): void {
    if (this.#closed) return;
    this.#metrics.takeAppProvider();
    this.#logs.takeAppProvider();
    this.#instruments?.drain();
  }

  /** No-ops, and proxies of what is not registered yet, are passed over: the global ones are used then. */
  use(providers: Providers): void {
    if (this.#closed) return;
    if (providers.meterProvider !== undefined) this.#metrics.give(providers.meterProvider);
    if (providers.loggerProvider !== undefined) this.#logs.give(providers.loggerProvider);
  }

  /** Tells a finding; where findings go nowhere it does nothing. */
  emit(finding: Finding): void {
    const logger = this.#logger;
    if (logger === undefined || this.#closed) return;
    try {
      const record = findingRecord(finding, this.#o.describe(finding), this.#contextApi);
      this.#o.quietly(() => logger.emit(record));
    } catch (error) {
      this.#o.failed('telemetry: finding event', error);
    }
  }

  /**
   * Sends what is there. Holds the process open meanwhile.
   * @returns whether it was through in time
   */
  flush(timeoutMs: number): Promise<boolean> {
    return this.#within(timeoutMs, () => Promise.all([this.#metrics.flush(), this.#logs.flush()]));
  }

  /** Flushes, and ends what outlive made itself. */
  async shutdown(timeoutMs: number): Promise<boolean> {
    if (this.#closed) return true;
    const through = await this.#within(timeoutMs, () => Promise.all([this.#metrics.close(), this.#logs.close()]));
    this.#closed = true;
    return through;
  }

  #within(timeoutMs: number, work: () => Promise<unknown>): Promise<boolean> {
    return this.#o.quietly(() => within(timeoutMs, work()));
  }

  #attachMetrics(provider: MeterProvider, own: boolean): () => void {
    const { readings, version, runtimeMetrics, failed, timed = asItIs } = this.#o;
    const instruments = new Instruments({
      meter: provider.getMeter(scopeName, version),
      readings,
      runtime: runtimeMetrics === 'on' || (runtimeMetrics === 'auto' && own),
      timed,
      recordsRequests: runtimeMetrics === 'on' && !own,
      failed: (part, error) => failed(`telemetry: ${part}`, error),
    });
    this.#instruments = instruments;
    return () => {
      instruments.detach();
      if (this.#instruments === instruments) this.#instruments = undefined;
    };
  }

  #attachLogs(provider: LoggerProvider): () => void {
    this.#logger = provider.getLogger(scopeName, this.#o.version);
    this.#contextApiLoaded ??= this.#loadContextApi();
    return () => {
      this.#logger = undefined;
    };
  }

  /** An event stands in the trace of an example; its context is made by the API, which is not loaded before. */
  async #loadContextApi(): Promise<void> {
    try {
      this.#contextApi = await otelPackage('@opentelemetry/api');
    } catch (error) {
      this.#o.failed('telemetry: @opentelemetry/api', error);
    }
  }

  #changed(): void {
    if (this.#opened) this.#o.rerouted?.(this.routes);
  }

  #own(signal: 'metrics' | 'findings') {
    return {
      identity: { ...identityOf(appLoggerProvider()), ...identityOf(appMeterProvider()) },
      env: this.#o.env,
      outlet: this.#outlet(signal),
    };
  }

  /** What needs no instrument: see `RequestDurations`. */
  #producers() {
    const { readings, runtimeMetrics, version } = this.#o;
    return { requests: runtimeMetrics === 'off' ? undefined : { times: readings.requests, version } };
  }

  #outlet(signal: 'metrics' | 'findings'): OutletOptions {
    const { quietly, setTimeout } = this.#o;
    const sink = this.#plan[signal === 'metrics' ? 'metrics' : 'logs'];
    const to = sink.to === 'otlp' ? ` to ${printableUrl(sink.url)}` : '';
    return {
      quietly: (fn) => quietly(() => withoutTracing(fn)),
      timeoutMs: exportTimeoutMs,
      setTimeout,
      random: Math.random,
      dropped: (what, count) => this.#drops.set(what, (this.#drops.get(what) ?? 0) + count),
      failed: (error) =>
        this.#failures.say(`export of ${signal}${to} failed: ${reasonOf(error)}; the app is not affected`),
    };
  }
}

const asItIs = <T>(fn: () => T): T => fn();

/** Never the message of an HTTP error: that may be any page. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'no reason given';
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'number') return `HTTP ${code}`;
  return typeof code === 'string' ? code : String(message).split('\n', 1).join('').slice(0, 200);
}
