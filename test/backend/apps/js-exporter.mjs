// `node --import`: gives an app a MeterProvider of its own, which shows its metrics to a Prometheus.
import { isMainThread } from 'node:worker_threads';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

if (isMainThread) {
  const exporter = new PrometheusExporter({ host: '127.0.0.1', port: Number(process.env.METRICS_PORT) });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));
}
