// An app that sets up OpenTelemetry itself (API 1.10, SDK 3.x): before outlive starts, after, or by handing it over.
import { logs, metrics } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { finding, startHost } from '../host.ts';

const [order, signals = 'metrics,logs'] = process.argv.slice(2);
const url = process.env['APP_ENDPOINT'];
const resource = resourceFromAttributes({ 'service.name': 'the-app', 'service.instance.id': 'one' });
const meterProvider = new MeterProvider({
  resource,
  readers: [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ url: `${url}/v1/metrics` }),
      exportIntervalMillis: 60_000,
      exportTimeoutMillis: 5_000,
    }),
  ],
});
const loggerProvider = new LoggerProvider({
  resource,
  processors: [new SimpleLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${url}/v1/logs` }) })],
});
const register = (): void => {
  if (signals.includes('metrics')) metrics.setGlobalMeterProvider(meterProvider);
  if (signals.includes('logs')) logs.setGlobalLoggerProvider(loggerProvider);
};

if (order === 'before') register();
const telemetry = await startHost();
/** A sweep, and all that it has brought is out; so is what outlive sent to its own collector until it moved. */
const sent = async (): Promise<void> => {
  telemetry.onSweep();
  await telemetry.flush(5000);
};
if (order === 'given') {
  // what `registerInstrumentations` hands over while the app has registered nothing
  telemetry.use({ meterProvider: metrics.getMeterProvider(), loggerProvider: logs.getLoggerProvider() });
  console.error(`after no-ops: ${telemetry.routes.metrics.to} ${telemetry.routes.logs.to}`);
  telemetry.use({ meterProvider, loggerProvider });
}
if (order === 'after') {
  telemetry.emit({ ...finding, id: 'early' });
  await sent();
  register();
  await sent();
}
console.log(`moved ${Date.now()}`);
telemetry.emit(finding);
await sent();
await telemetry.shutdown(5000);
// the app's providers are the app's to end
await Promise.all([meterProvider.forceFlush(), loggerProvider.forceFlush()]);
