import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportPlan, printableUrl } from '../../../src/telemetry/export-plan.ts';

const sinks = (env: Record<string, string>) => {
  const { metrics, logs } = exportPlan(env);
  return [metrics, logs].map((sink) => (sink.to === 'otlp' ? sink.url : sink.to));
};

test('without any word of an exporter nothing is exported, and the reason is told', () => {
  const { metrics, logs, notes } = exportPlan({});
  assert.deepEqual(metrics, { to: 'nowhere', why: 'no OTEL_EXPORTER_OTLP_ENDPOINT' });
  assert.deepEqual(logs, metrics);
  assert.deepEqual(notes, []);
});

test('the common endpoint is the base of both signals, a signal’s own is taken as it is', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318/';
  assert.deepEqual(sinks({ OTEL_EXPORTER_OTLP_ENDPOINT }), [
    'http://collector:4318/v1/metrics',
    'http://collector:4318/v1/logs',
  ]);
  assert.deepEqual(sinks({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://x.example/otlp' }), [
    'https://x.example/otlp/v1/metrics',
    'https://x.example/otlp/v1/logs',
  ]);
  assert.deepEqual(
    sinks({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://loki:3100/otlp/v1/logs' }),
    ['http://collector:4318/v1/metrics', 'http://loki:3100/otlp/v1/logs'],
  );
  assert.deepEqual(sinks({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://prom:9090/api/v1/otlp/v1/metrics' }), [
    'http://prom:9090/api/v1/otlp/v1/metrics',
    'nowhere',
  ]);
});

test('OTEL_METRICS_EXPORTER and OTEL_LOGS_EXPORTER say otlp, console or none, and none is stronger than an endpoint', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318';
  assert.deepEqual(sinks({ OTEL_METRICS_EXPORTER: 'otlp' }), ['http://localhost:4318/v1/metrics', 'nowhere']);
  assert.deepEqual(sinks({ OTEL_METRICS_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT }), [
    'nowhere',
    'http://collector:4318/v1/logs',
  ]);
  assert.deepEqual(sinks({ OTEL_METRICS_EXPORTER: ' Console ', OTEL_LOGS_EXPORTER: 'console,otlp' }), [
    'console',
    'http://localhost:4318/v1/logs',
  ]);
  assert.deepEqual(sinks({ OTEL_METRICS_EXPORTER: '', OTEL_LOGS_EXPORTER: ' ' }), ['nowhere', 'nowhere']);
});

test('an exporter that outlive does not have is named, not replaced by another', () => {
  const { metrics, notes } = exportPlan({ OTEL_METRICS_EXPORTER: 'prometheus' });
  assert.equal(metrics.to, 'nowhere');
  assert.match(notes.join('\n'), /OTEL_METRICS_EXPORTER=prometheus is not spoken/);
});

test('OTEL_SDK_DISABLED=true ends all of it', () => {
  assert.deepEqual(
    sinks({ OTEL_SDK_DISABLED: 'TRUE', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_LOGS_EXPORTER: 'otlp' }),
    ['nowhere', 'nowhere'],
  );
  assert.deepEqual(
    sinks({ OTEL_SDK_DISABLED: 'false', OTEL_METRICS_EXPORTER: 'otlp' })[0],
    'http://localhost:4318/v1/metrics',
  );
});

test('an endpoint that is no URL is named, and nothing is sent to localhost instead', () => {
  for (const endpoint of ['collector:4318', 'ftp://x', '???']) {
    const { metrics, notes } = exportPlan({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    assert.equal(metrics.to, 'nowhere', endpoint);
    assert.match(notes[0] ?? '', /OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL/);
  }
});

test('gRPC is not spoken: one line says so and how to mend it', () => {
  const { notes } = exportPlan({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4317' });
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', /OTEL_EXPORTER_OTLP_PROTOCOL=grpc: outlive sends http\/json/);
});

test('intervals come from the environment where they are sane', () => {
  const intervals = (env: Record<string, string>) => {
    const { metricIntervalMs, logDelayMs, notes } = exportPlan(env);
    return [metricIntervalMs, logDelayMs, notes.length];
  };
  assert.deepEqual(intervals({}), [60_000, 1000, 0]);
  assert.deepEqual(intervals({ OTEL_METRIC_EXPORT_INTERVAL: '1500', OTEL_BLRP_SCHEDULE_DELAY: '200' }), [1500, 200, 0]);
  for (const bad of ['0', '-5', 'soon', '1e99'])
    assert.deepEqual(intervals({ OTEL_METRIC_EXPORT_INTERVAL: bad }), [60_000, 1000, 1], bad);
});

test('an endpoint is printed without what may be secret', () => {
  assert.equal(printableUrl('https://user:pw@x.example:4318/v1/logs?key=1#f'), 'https://x.example:4318/v1/logs');
  assert.equal(printableUrl('nonsense'), 'an invalid URL');
});
