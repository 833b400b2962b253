// An app with two metric readers, one of deltas and one of totals, each to a collector of its own; or with two providers.
import { setTimeout as sleep } from 'node:timers/promises';
import { metrics } from '@opentelemetry/api';
import { AggregationTemporalityPreference, OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { startHost } from '../host.ts';

const readerOf = (url: string | undefined, preference: 'DELTA' | 'CUMULATIVE') =>
  new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({
      url: `${url}/v1/metrics`,
      temporalityPreference: AggregationTemporalityPreference[preference],
    }),
    exportIntervalMillis: 100,
    exportTimeoutMillis: 100,
  });
const first = readerOf(process.env['FIRST'], 'DELTA');
const second = readerOf(process.env['SECOND'], 'CUMULATIVE');
const isOneProvider = process.argv[2] === 'readers';
const providers = isOneProvider
  ? [new MeterProvider({ readers: [first, second] })]
  : [new MeterProvider({ readers: [first] }), new MeterProvider({ readers: [second] })];

const [registered, handedOver] = providers;
if (registered !== undefined) metrics.setGlobalMeterProvider(registered);
const telemetry = await startHost();
if (handedOver !== undefined) {
  await sleep(350);
  telemetry.use({ meterProvider: handedOver });
}
await sleep(650);
await telemetry.shutdown(5000);
await Promise.all(providers.map((provider) => provider.shutdown()));
