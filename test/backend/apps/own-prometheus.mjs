// An app that shows its metrics to a Prometheus itself, and leaks a little.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

const exporter = new PrometheusExporter({ host: '127.0.0.1', port: Number(process.env.METRICS_PORT) });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));

const forgotten = [];
const maxForgotten = 700;
const server = createServer((_request, response) => {
  if (forgotten.length < maxForgotten) forgotten.push(createReadStream(import.meta.filename));
  response.end('done');
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
process.once('disconnect', () => process.exit());
for (;;) {
  await (await fetch(`http://127.0.0.1:${server.address().port}/`)).text();
  await delay(50);
}
