import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fixture } from './telemetry/fixture.ts';
import { otlpReceiver, type ReceivedMetric } from './telemetry/otlp-receiver.ts';
import { running } from './telemetry/run.ts';

const program = (name: string): string => `${import.meta.dirname}/telemetry/programs/${name}.ts`;

/** What the program has opened: see `host.ts`. */
const opened = 40;
const rssSamples = 1;

const valuesOf = (metrics: readonly ReceivedMetric[], name: string): number[] =>
  metrics.filter((metric) => metric.name === name).flatMap(({ points }) => points.map(({ value }) => value));
const totalOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const temporalitiesOf = (metrics: readonly ReceivedMetric[], name: string): string =>
  [...new Set(metrics.filter((metric) => metric.name === name).map(({ temporality }) => temporality))].join();
/** Of a histogram whose every sample comes before the first export, the sums that say something. */
const sumsOf = (metrics: readonly ReceivedMetric[], name: string): number[] =>
  valuesOf(metrics, name).filter((value) => value > 0);

async function toTwoCollectors(t: TestContext, shape: 'readers' | 'providers') {
  const first = await otlpReceiver(t);
  const second = await otlpReceiver(t);
  const { code, stderr } = await running([program('two-readers'), shape], {
    FIRST: first.url,
    SECOND: second.url,
  }).ended;
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /FAILED/);
  return { deltas: first.metrics, totals: second.metrics, stderr };
}

test('two readers, one of deltas and one of totals, are both told everything, and it adds up the same', async (t) => {
  const { deltas, totals, stderr } = await toTwoCollectors(t, 'readers');
  const names = (metrics: readonly ReceivedMetric[]) => new Set(metrics.map(({ name }) => name));
  assert.deepEqual(names(deltas), names(totals));
  assert.equal(totalOf(valuesOf(deltas, 'outlive.resource.opened')), opened);
  assert.equal(valuesOf(totals, 'outlive.resource.opened').at(-1), opened);
  assert.deepEqual(
    [temporalitiesOf(deltas, 'outlive.resource.opened'), temporalitiesOf(totals, 'outlive.resource.opened')],
    ['delta', 'cumulative'],
  );
  assert.equal(temporalitiesOf(deltas, 'outlive.resource.open'), 'cumulative', 'what goes up and down is a level');
  assert.equal(sumsOf(deltas, 'outlive.memory.rss').length, rssSamples, 'a sample is told once');
  assert.equal(sumsOf(deltas, 'outlive.memory.rss')[0], valuesOf(totals, 'outlive.memory.rss').at(-1));
  assert.equal(stderr.match(/routes:/g)?.length, 1);
});

test('of two providers the one that is handed over is used, and none is told what the other was told since', async (t) => {
  const { deltas, totals, stderr } = await toTwoCollectors(t, 'providers');
  assert.match(stderr, /routes: \{"metrics":\{"to":"app"\}/);
  assert.equal(totalOf(valuesOf(deltas, 'outlive.resource.opened')), opened, 'the first, while it was the only one');
  assert.equal(valuesOf(totals, 'outlive.resource.opened').at(-1), opened);
  const sweepsOfFirst = totalOf(valuesOf(deltas, 'outlive.self.sweeps'));
  const sweepsOfSecond = valuesOf(totals, 'outlive.self.sweeps').at(-1) ?? 0;
  assert.ok(sweepsOfSecond >= sweepsOfFirst, `${sweepsOfSecond} after ${sweepsOfFirst}`);
});

for (const [preference, ofCounter, ofHistogram, ofLevel] of [
  ['cumulative', 'cumulative', 'cumulative', 'cumulative'],
  ['delta', 'delta', 'delta', 'cumulative'],
  ['lowmemory', 'cumulative', 'delta', 'cumulative'],
] as const) {
  test(`OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=${preference} is kept to by our own provider`, async (t) => {
    const { metrics, url } = await otlpReceiver(t);
    const { code, stderr } = await running([program('own')], {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference,
    }).ended;
    assert.equal(code, 0, stderr);
    const sent = ['outlive.resource.opened', 'outlive.memory.rss', 'http.server.request.duration'];
    assert.deepEqual(
      [...sent, 'outlive.resource.open'].map((name) => temporalitiesOf(metrics, name)),
      [ofCounter, ofHistogram, ofHistogram, ofLevel],
    );
    const values = valuesOf(metrics, 'outlive.resource.opened');
    assert.equal(ofCounter === 'delta' ? totalOf(values) : values.at(-1), opened);
    const durations = sumsOf(metrics, 'http.server.request.duration');
    assert.equal(ofHistogram === 'delta' ? durations.length : new Set(durations).size, 1, durations.join());
  });
}

test('deltas that a collector did not take arrive with what comes next', async (t) => {
  const taken: ReceivedMetric[] = [];
  let answered = 0;
  const receiver = await otlpReceiver(t, ({ url }, response) => {
    const isRefused = url === '/v1/metrics' && answered++ === 0;
    if (url === '/v1/metrics' && !isRefused) taken.push(...receiver.metrics.splice(0));
    receiver.metrics.length = 0;
    response.writeHead(isRefused ? 503 : 200, { 'content-type': 'application/json' }).end('{}');
  });
  const { code, stderr } = await running([program('own')], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
  }).ended;
  assert.equal(code, 0, stderr);
  assert.ok(answered >= 2);
  assert.equal(totalOf(valuesOf(taken, 'outlive.resource.opened')), opened);
  assert.equal(sumsOf(taken, 'outlive.memory.rss').length, rssSamples);
});

for (const [app, what] of [
  ['otel-2', 'API 1.9 and SDK 2.x'],
  ['otel-3', 'API 1.10 and SDK 3.x'],
] as const) {
  test(`${what}: both readers of the app's own provider are told, and the deltas add up to the total`, async () => {
    const register = `${import.meta.dirname}/../../src/register.ts`;
    const { code, stdout, stderr } = await running(
      ['--import', register, 'two-readers.mjs'],
      { OUTLIVE_SWEEP_INTERVAL_MS: '100' },
      fixture(app),
    ).ended;
    assert.equal(code, 0, stderr);
    const { deltas, totals } = JSON.parse(stdout) as { readonly deltas: number[]; readonly totals: number[] };
    assert.ok(totals.length >= 2, stdout);
    assert.ok((totals.at(-1) ?? 0) > (totals[0] ?? 0), stdout);
    assert.equal(totalOf(deltas), totals.at(-1));
  });
}
