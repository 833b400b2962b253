import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { type Manner, otlpReceiver } from './telemetry/otlp-receiver.ts';
import { running } from './telemetry/run.ts';

const program = `${import.meta.dirname}/telemetry/programs/takeover.ts`;

/** Runs the app with a collector of its own beside the one that outlive was told of. */
async function takeover(t: TestContext, order: string, signals?: string) {
  const arrivedMs: number[] = [];
  const notes: Manner = (_request, response) => {
    arrivedMs.push(Date.now());
    response.end('{}');
  };
  const own = await otlpReceiver(t, notes);
  const app = await otlpReceiver(t);
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: own.url,
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_BLRP_SCHEDULE_DELAY: '20',
    APP_ENDPOINT: app.url,
  };
  const args = signals === undefined ? [order] : [order, signals];
  const { code, stdout, stderr } = await running([program, ...args], env).ended;
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /FAILED/);
  return { own, app, stderr, arrivedMs, movedMs: Number(/moved (\d+)/.exec(stdout)?.[1]) };
}

const findingIds = ({ records }: { records: readonly { attributes: Readonly<Record<string, unknown>> }[] }) =>
  records.map(({ attributes }) => attributes['outlive.finding.id']);

for (const order of ['before', 'given']) {
  test(`the app’s providers are used where they are ${order === 'given' ? 'handed over' : 'there before outlive'}, and no other is made or heard of`, async (t) => {
    const { own, app, stderr } = await takeover(t, order);
    if (order === 'before') assert.equal(own.requests.length, 0);
    else assert.match(stderr, /after no-ops: otlp otlp/);
    assert.deepEqual(findingIds(own), []);
    assert.deepEqual(findingIds(app), ['f1']);
    const names = new Set(app.metrics.map(({ name }) => name));
    assert.ok(names.has('outlive.self.sweeps') && names.has('outlive.memory.external'));
    assert.deepEqual(
      [...names].filter((name) => !name.startsWith('outlive.')),
      [],
      'the app reports its own runtime metrics',
    );
    assert.equal(app.metrics[0]?.resource['service.name'], 'the-app');
  });
}

test('providers that the app sets later are moved over to; from then on nothing is sent twice', async (t) => {
  const { own, app, stderr, arrivedMs, movedMs } = await takeover(t, 'after');
  assert.ok(own.metrics.some(({ name }) => name === 'outlive.self.sweeps'));
  assert.deepEqual(
    arrivedMs.filter((ms) => ms > movedMs),
    [],
    'nothing arrives at ours once it has moved',
  );
  assert.ok(app.metrics.some(({ name }) => name === 'outlive.self.sweeps'));
  assert.deepEqual([findingIds(own), findingIds(app)], [['early'], ['f1']]);
  assert.match(stderr, /rerouted: .*"metrics":\{"to":"app"\},"logs":\{"to":"app"\}/);
  const opened = app.metrics.filter(({ name }) => name === 'outlive.resource.opened');
  assert.ok(
    opened.every(({ points }) => points[0]?.value === 40),
    'the totals go on',
  );
});

test('an app with metrics but no logs: findings go our way under the name that the app has given itself', async (t) => {
  const { own, app } = await takeover(t, 'before', 'metrics');
  assert.deepEqual([findingIds(own), findingIds(app)], [['f1'], []]);
  assert.deepEqual(own.metrics, []);
  assert.equal(own.records[0]?.resource['service.name'], 'the-app');
  assert.equal(own.records[0]?.resource['service.instance.id'], 'one');
});
