import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histograms, scalars } from '../../src/telemetry/metric-table.ts';
import { otlpReceiver } from './telemetry/otlp-receiver.ts';
import { running } from './telemetry/run.ts';

const program = (name: string): string => `${import.meta.dirname}/telemetry/programs/${name}.ts`;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

for (const compression of ['none', 'gzip']) {
  test(`every metric and the finding event arrive over OTLP/HTTP, compression ${compression}`, async (t) => {
    const receiver = await otlpReceiver(t);
    const { code, stdout, stderr } = await running([program('own')], {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_COMPRESSION: compression,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=leaks',
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    }).ended;
    assert.deepEqual([code, stdout.trim()], [0, '{"through":true}'], stderr);
    assert.match(stderr, /"metrics":\{"to":"otlp","url":"http:\/\/127.0.0.1:\d+\/v1\/metrics"\}/);
    assert.doesNotMatch(stderr, /FAILED/);

    const { metrics, records, requests } = receiver;
    const byName = new Map(metrics.map((metric) => [metric.name, metric]));
    const unreadable =
      process.platform === 'linux' ? [] : ['process.memory.virtual', 'process.unix.file_descriptor.count'];
    // both need a kernel that counts them for this control group or host
    const ofKernel = new Set(['outlive.memory.pressure', 'outlive.memory.oom_kills', ...unreadable]);
    for (const { name, unit } of [...Object.values(scalars), ...Object.values(histograms)]) {
      if (ofKernel.has(name) && !byName.has(name)) continue;
      assert.equal(byName.get(name)?.unit, unit, name);
      assert.equal(byName.get(name)?.scope, 'outlive');
    }
    for (const { name, instrument } of Object.values(scalars)) {
      const metric = byName.get(name);
      if (metric === undefined) continue;
      assert.equal(metric.type, instrument === 'gauge' ? 'gauge' : 'sum', name);
      assert.equal(metric.monotonic, instrument === 'counter', name);
    }
    const { resource } = metrics[0] ?? assert.fail('no metric');
    assert.equal(resource['service.name'], 'shop');
    assert.equal(resource['deployment.environment.name'], 'test');
    assert.match(String(resource['service.instance.id']), uuid);
    assert.equal('process.command_args' in resource, false);

    assert.deepEqual(
      records.map(({ attributes }) => attributes['outlive.finding.state']),
      ['raised', 'resolved'],
    );
    const [record] = records;
    assert.equal(record?.eventName, 'outlive.finding');
    assert.equal(record?.severityText, 'WARN');
    assert.equal(record?.body, 'unreleased_stream at src/files.js:12');
    assert.equal(record?.traceId, '0af7651916cd43dd8448eb211c80319c');
    assert.deepEqual(record?.resource, resource);
    assert.equal(record?.attributes['code.line.number'], 12);
    for (const { headers } of requests) assert.equal(headers['x-team'], 'leaks');
    assert.equal(requests[0]?.headers['content-encoding'], compression === 'gzip' ? 'gzip' : undefined);
  });
}

test('a worker thread is an instance of its own and leaves the figures of the process to the main thread', async (t) => {
  const receiver = await otlpReceiver(t);
  const { code, stderr } = await running([program('worker')], { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }).ended;
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /FAILED/);
  const byInstance = Map.groupBy(receiver.metrics, ({ resource }) => resource['service.instance.id']);
  assert.equal(byInstance.size, 2);
  const namesOf = (metrics: typeof receiver.metrics) => new Set(metrics.map(({ name }) => name));
  const [worker = new Set<string>(), main = new Set<string>()] = [...byInstance.values()]
    .map(namesOf)
    .toSorted((a, b) => a.size - b.size);
  const ofProcess = main.difference(worker);
  assert.ok(ofProcess.has('process.memory.usage') && ofProcess.has('outlive.memory.rss'));
  assert.deepEqual(
    [...worker].filter((name) => name.startsWith('process.')),
    [],
  );
  assert.ok(worker.has('v8js.memory.heap.used') && worker.has('outlive.memory.heap.limit'));
});

test('exporters that print are spoken too', async () => {
  const { code, stdout } = await running([program('own')], {
    OTEL_METRICS_EXPORTER: 'console',
    OTEL_LOGS_EXPORTER: 'console',
  }).ended;
  assert.equal(code, 0);
  assert.match(stdout, /outlive\.resource\.open/);
  assert.match(stdout, /eventName: 'outlive\.finding'|outlive\.finding\.id/);
});
