// An app with two metric readers, one of deltas and one of totals, each to a collector of its own; or with two providers.
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
    exportIntervalMillis: 60_000,
    exportTimeoutMillis: 5_000,
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
/** A sweep, and all that it has brought is with the readers of the provider that is used. */
const read = async (): Promise<void> => {
  telemetry.onSweep();
  await telemetry.flush(5000);
};
await read();
if (handedOver !== undefined) {
  telemetry.use({ meterProvider: handedOver });
  await read();
}
await read();
await telemetry.shutdown(5000);
await Promise.all(providers.map((provider) => provider.shutdown()));
