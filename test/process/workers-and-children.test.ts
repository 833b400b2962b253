import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { otlpReceiver, type ReceivedMetric } from './telemetry/otlp-receiver.ts';
import { running } from './telemetry/run.ts';

const register = `${import.meta.dirname}/../../src/register.ts`;
const app = `${import.meta.dirname}/telemetry/programs/many-processes.ts`;

/** The metrics of the app by the instance that sent them. */
async function instancesOf(t: TestContext, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const receiver = await otlpReceiver(t);
  const { code, stderr } = await running(args, {
    ...env,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRIC_EXPORT_INTERVAL: '500',
    OTEL_SERVICE_NAME: 'shop',
  }).ended;
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /failed/);
  return [...Map.groupBy(receiver.metrics, ({ resource }) => resource['service.instance.id']).values()];
}

const pidsOf = (metrics: readonly ReceivedMetric[]) => new Set(metrics.map(({ resource }) => resource['process.pid']));
const namesOf = (metrics: readonly ReceivedMetric[]) => new Set(metrics.map(({ name }) => name));
const tellsOfProcess = (metrics: readonly ReceivedMetric[]): boolean =>
  [...namesOf(metrics)].some((name) => name.startsWith('process.'));
const isAlive = (metrics: readonly ReceivedMetric[]): boolean => namesOf(metrics).has('outlive.self.sweeps');

for (const how of ['--import', 'NODE_OPTIONS'] as const) {
  const start = (t: TestContext, ...names: readonly string[]) =>
    how === '--import'
      ? instancesOf(t, ['--import', register, app, ...names])
      : instancesOf(t, [app, ...names], { NODE_OPTIONS: `--import=${register}` });

  test(`${how}: a worker thread is an instance of its own; only the main thread tells of the process`, async (t) => {
    const instances = await start(t, 'worker');
    assert.equal(instances.length, 2);
    assert.ok(instances.every(isAlive));
    assert.equal(pidsOf(instances.flat()).size, 1);
    assert.equal(instances.filter(tellsOfProcess).length, 1);
  });

  test(`${how}: a forked process and two cluster workers are instances of their own, each with its process`, async (t) => {
    const instances = await start(t, 'fork', 'cluster');
    assert.equal(instances.length, 4);
    assert.ok(instances.every(isAlive));
    assert.ok(instances.every(tellsOfProcess));
    assert.deepEqual(
      instances.map((metrics) => pidsOf(metrics).size),
      [1, 1, 1, 1],
    );
    assert.equal(pidsOf(instances.flat()).size, 4);
  });
}

test('NODE_OPTIONS: a Node.js process that is spawned is an instance of its own', async (t) => {
  const instances = await instancesOf(t, [app, 'spawn'], { NODE_OPTIONS: `--import=${register}` });
  assert.equal(instances.length, 2);
  assert.equal(pidsOf(instances.flat()).size, 2);
});

test('an instance id of the environment, which all inherit, is told apart by process and thread', async (t) => {
  const instances = await instancesOf(t, ['--import', register, app, 'worker', 'fork'], {
    OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=pod-7',
  });
  assert.equal(instances.length, 3);
  const ids = instances.map(([metric]) => String(metric?.resource['service.instance.id']));
  const [main = '', ...others] = ids.toSorted((a, b) => a.length - b.length);
  assert.equal(main, 'pod-7');
  assert.match(others.toSorted().join(' '), /^pod-7\/\d+ pod-7\/thread-\d+$/);
});
