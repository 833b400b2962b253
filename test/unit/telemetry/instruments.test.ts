import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingTypes } from '../../../src/detect/finding.ts';
import { maxHistogramSeries } from '../../../src/telemetry/histogram-samples.ts';
import { histograms, scalars } from '../../../src/telemetry/metric-table.ts';
import { maxScalarSeries } from '../../../src/telemetry/scalar-groups.ts';
import { collectedBy } from './collected.ts';
import { FakeReadings, someFinding } from './fake-readings.ts';

const kind = 'outlive.resource.kind';

/** A service as there are many: a gateway with its clients, streams, a queue and a leak or two. */
function gateway(): FakeReadings {
  const readings = new FakeReadings();
  for (const seen of [
    'http.request',
    'http.connection',
    'stream',
    'generator',
    'timer',
    'client',
    'socket',
    'task',
  ] as const) {
    readings.tally(seen, { opened: 100, released: 90 }).lifetimeSamplesS.push(0.2, 3);
    readings.judging.add(seen);
  }
  readings.tally('stream', { opened: 100, released: 80, abandoned: 3, bufferedBytes: 4096 }).unreleasedLikely = 5;
  readings.scopes = [
    ['GET /orders/:id', 3],
    ['POST /chat', 2],
    ['GET *', 1],
  ];
  readings.watched = [
    {
      name: 'billing',
      size: 5,
      capacity: 50,
      enqueued: 105,
      dequeued: 100,
      oldestS: 2,
      growthRatePerS: 0,
      memoryBytes: 10,
    },
  ];
  readings.standing = [someFinding(), someFinding({ id: 'f2', type: 'growing_queue', certainty: 'certain' })];
  readings.counts = [
    { type: 'unreleased_stream', certainty: 'likely', raised: 3, resolved: 1, retracted: 1, suppressed: 0 },
    { type: 'growing_queue', certainty: 'certain', raised: 1, resolved: 0, retracted: 0, suppressed: 1 },
  ];
  readings.rssSamplesBytes = [90e6, 110e6];
  readings.sweepDurationsS = [0.002];
  readings.gcs = [
    { type: 'minor', durationMs: 1 },
    { type: 'major', durationMs: 20 },
  ];
  return readings;
}

test('every metric of the table is exported with its unit, and none twice', async () => {
  const readings = gateway();
  const { collect } = collectedBy(readings);
  readings.request('GET /orders/:id', 200, 20);
  const { metrics } = await collect();
  const table = [...Object.values(scalars), ...Object.values(histograms)];
  assert.deepEqual([...metrics.keys()].toSorted(), table.map(({ name }) => name).toSorted());
  for (const { name, unit, description } of table) {
    assert.equal(metrics.get(name)?.descriptor.unit, unit, name);
    assert.equal(metrics.get(name)?.descriptor.description, description, name);
  }
});

test('the values are those of the readings', async () => {
  const { value } = await collectedBy(gateway()).collect();
  assert.equal(value('outlive.resource.open', { [kind]: 'stream' }), 17);
  assert.equal(value('outlive.resource.ended', { [kind]: 'stream', 'outlive.resource.end': 'abandoned' }), 3);
  assert.equal(value('outlive.resource.unreleased', { [kind]: 'stream', 'outlive.finding.certainty': 'likely' }), 5);
  assert.equal(value('outlive.resource.buffered', { [kind]: 'stream' }), 4096);
  assert.equal(value('outlive.resource.lifetime', { [kind]: 'stream' }), 3.2);
  assert.equal(value('outlive.scope.active', { 'outlive.scope.name': 'POST /chat' }), 2);
  assert.equal(value('outlive.queue.utilization', { 'outlive.queue.name': 'billing' }), 0.1);
  assert.equal(value('outlive.memory.fragmentation', { 'v8js.heap.space.name': 'old_space' }), 0.25);
  assert.equal(value('outlive.memory.fragmentation', { 'v8js.heap.space.name': 'rss' })?.toFixed(2), '0.54');
  assert.equal(value('outlive.memory.limit', { 'outlive.memory.limit.source': 'cgroup' }), 512_000_000);
  assert.equal(value('outlive.memory.rss'), 200e6);
  assert.equal(value('v8js.gc.duration', { 'v8js.gc.type': 'major' }), 0.02);
  assert.equal(value('outlive.self.state', { 'outlive.self.phase': 'judging', [kind]: 'all' }), 1);
  assert.equal(value('outlive.self.state', { 'outlive.self.phase': 'learning', [kind]: 'all' }), 0);
  const resources = {
    'outlive.finding.id': 'f1',
    'outlive.finding.type': 'unreleased_stream',
    'outlive.scope.name': 'GET /files/:id',
  };
  assert.equal(value('outlive.finding.resources', resources), 17);
  assert.equal(
    value('outlive.finding.retracted', {
      'outlive.finding.type': 'growing_queue',
      'outlive.finding.certainty': 'certain',
    }),
    0,
  );
});

test('a kind is told of once something of it was opened', async () => {
  const readings = new FakeReadings();
  readings.tally('stream', { opened: 0 });
  const { collect } = collectedBy(readings);
  assert.deepEqual((await collect()).points('outlive.resource.open'), []);
  readings.tally('stream');
  assert.equal((await collect()).points('outlive.resource.open').length, 1);
});

test('a series that was emitted goes on: zero when it is empty, a counter as it was', async () => {
  const readings = gateway();
  const { collect } = collectedBy(readings);
  await collect();
  readings.scopes = [];
  readings.watched = [];
  readings.standing = [];
  Object.assign(readings.tally('stream'), { opened: 100, unreleasedLikely: 0, bufferedBytes: 0 });
  const { value } = await collect();
  assert.equal(value('outlive.scope.active', { 'outlive.scope.name': 'POST /chat' }), 0);
  assert.equal(value('outlive.queue.size', { 'outlive.queue.name': 'billing' }), 0);
  assert.equal(value('outlive.queue.enqueued', { 'outlive.queue.name': 'billing' }), 105);
  assert.equal(value('outlive.resource.unreleased', { [kind]: 'stream', 'outlive.finding.certainty': 'likely' }), 0);
  assert.equal(value('outlive.resource.buffered', { [kind]: 'stream' }), 0);
  for (const { value: active } of (await collect()).points('outlive.finding.active')) assert.equal(active, 0);
  for (const { value: resources } of (await collect()).points('outlive.finding.resources')) assert.equal(resources, 0);
});

test('no NaN and no infinity is ever exported', async () => {
  const readings = gateway();
  readings.watched = [{ name: 'odd', size: Number.NaN, capacity: 0, oldestS: Infinity, growthRatePerS: Number.NaN }];
  readings.ofMemory = {
    rssBytes: 0,
    heapLiveBytes: Number.NaN,
    spaces: [{ name: 'old_space', usedBytes: 0, committedBytes: 0 }],
  };
  readings.rssSamplesBytes = [Number.NaN];
  const { metrics } = await collectedBy(readings).collect();
  for (const { descriptor, dataPoints } of metrics.values()) {
    for (const { value } of dataPoints) {
      const figure = typeof value === 'number' ? value : ((value as { sum?: number }).sum ?? 0);
      assert.ok(Number.isFinite(figure), `${descriptor.name} is ${figure}`);
    }
  }
});

test('the top 20 of the names that an app gives are told apart where there is room, the rest is `other`', async () => {
  const readings = new FakeReadings();
  readings.scopes = Array.from({ length: 100 }, (_, at) => [`GET /${at}`, at + 1] as const);
  const { collect } = collectedBy(readings, { runtime: false });
  const { points, value } = await collect();
  assert.equal(points('outlive.scope.active').length, 21);
  assert.equal(value('outlive.scope.active', { 'outlive.scope.name': 'GET /99' }), 100);
  assert.equal(value('outlive.scope.active', { 'outlive.scope.name': 'other' }), (80 * 81) / 2);
  assert.equal(value('outlive.scope.active', { 'outlive.scope.name': 'GET /79' }), undefined);
});

test('budgets: an ordinary service keeps every series of its own below both', async () => {
  const { instruments, collect } = collectedBy(gateway());
  await collect();
  const { scalarSeries, histogramSeries } = await collect();
  assert.equal(instruments.exhausted, false);
  assert.ok(scalarSeries <= maxScalarSeries, `${scalarSeries}`);
  assert.ok(histogramSeries <= maxHistogramSeries, `${histogramSeries}`);
});

for (const runtime of [true, false]) {
  test(`budgets: no service exceeds them, ${runtime ? 'with' : 'without'} the runtime metrics, and its sums stay whole`, async () => {
    const readings = new FakeReadings();
    const { instruments, collect } = collectedBy(readings, { runtime });
    let collection = await collect();
    for (let round = 1; round <= 5; round++) {
      readings.everyKind();
      readings.scopes = Array.from({ length: 200 }, (_, at) => [`GET /${round}/${at}`, 1] as const);
      readings.watched = Array.from({ length: 60 }, (_, at) => ({
        name: `queue ${round} ${at}`,
        size: 1,
        capacity: 2,
        enqueued: 3,
        dequeued: 2,
        oldestS: 1,
        growthRatePerS: 1,
        memoryBytes: 1,
      }));
      readings.standing = findingTypes.flatMap((type) =>
        (['likely', 'certain'] as const).map((certainty) =>
          someFinding({ id: `${round} ${type} ${certainty}`, type, certainty, count: 1 }),
        ),
      );
      readings.counts = readings.standing.map(({ type, certainty }) => ({
        type,
        certainty,
        raised: 1,
        resolved: 1,
        retracted: 1,
        suppressed: 1,
      }));
      readings.drops = Array.from({ length: 10 }, (_, at) => [`reason ${at}`, 1] as const);
      readings.samplingRatios = Array.from({ length: 12 }, (_, at) => [`group ${at}`, 0.5] as const);
      readings.gcs = (['minor', 'major', 'incremental', 'weakcb'] as const).map((type) => ({ type, durationMs: 1 }));
      for (let at = 0; at < 20; at++) readings.request(`GET /${round}/${at}`, 200, at);
      readings.ofPools = Array.from({ length: 9 }, (_, at) => ({ name: `pool ${at}`, idle: 1, used: 2 }));
      readings.rssSamplesBytes = [1];
      readings.sweepDurationsS = [1];
      collection = await collect();
    }
    const { scalarSeries, histogramSeries, points } = collection;
    const sumOf = (name: string): number => points(name).reduce((sum, { value }) => sum + value, 0);
    assert.ok(scalarSeries <= maxScalarSeries && scalarSeries > 140, `${scalarSeries}`);
    assert.ok(histogramSeries <= maxHistogramSeries && histogramSeries > 130, `${histogramSeries}`);
    assert.equal(instruments.exhausted, true);
    assert.equal(sumOf('outlive.scope.active'), 200);
    assert.equal(sumOf('outlive.queue.size'), 60);
    assert.equal(sumOf('outlive.finding.active'), 2 * findingTypes.length);
    assert.equal(sumOf('outlive.finding.resources'), 2 * findingTypes.length);
    assert.equal(sumOf('outlive.self.drops'), 10);
    assert.equal(points('outlive.resource.open').length, 19);
    assert.equal(sumOf('outlive.resource.lifetime').toFixed(1), (5 * 19 * 0.5).toFixed(1));
  });
}

test('budgets: what alerts rest on is told by type, however many findings, queues and routes there were before', async () => {
  const readings = new FakeReadings();
  const { collect } = collectedBy(readings);
  readings.everyKind();
  readings.scopes = Array.from({ length: 200 }, (_, at) => [`GET /${at}`, 1] as const);
  readings.standing = Array.from({ length: 30 }, (_, at) =>
    someFinding({ id: `${at}`, type: 'unreleased_stream', certainty: 'likely' }),
  );
  await collect();
  readings.standing = findingTypes.slice(0, 8).map((type) => someFinding({ id: type, type, certainty: 'likely' }));
  const { points } = await collect();
  const types = points('outlive.finding.active').flatMap(({ value, attributes }) =>
    value > 0 ? [attributes['outlive.finding.type']] : [],
  );
  assert.deepEqual(new Set(types), new Set(findingTypes.slice(0, 8)));
});

test('what only findings count, listeners and work that does not settle, is told as unreleased and nothing else', async () => {
  const readings = new FakeReadings();
  readings.tally('listener', { opened: 0 }).unreleasedLikely = 30;
  const { collect } = collectedBy(readings);
  const { value } = await collect();
  const listeners = { 'outlive.resource.kind': 'listener', 'outlive.finding.certainty': 'likely' };
  assert.equal(value('outlive.resource.unreleased', listeners), 30);
  assert.equal(value('outlive.resource.open', { 'outlive.resource.kind': 'listener' }), undefined);
  readings.tally('listener', { opened: 0 }).unreleasedLikely = 0;
  assert.equal((await collect()).value('outlive.resource.unreleased', listeners), 0);
});

test('a worker thread tells nothing of the process', async () => {
  const readings = gateway();
  const runtime = readings.runtime();
  readings.runtime = () => ({ ...runtime, process: undefined });
  readings.ofMemory = {
    ofProcess: false,
    pressureRatio: undefined,
    oomKills: undefined,
    limits: [{ source: 'v8', bytes: 1 }],
  };
  readings.rssSamplesBytes = [];
  const { metrics, value } = await collectedBy(readings).collect();
  assert.deepEqual(
    [...metrics.keys()].filter((name) => name.startsWith('process.')),
    [],
  );
  assert.equal(metrics.has('outlive.memory.rss'), false);
  assert.equal(metrics.has('outlive.memory.pressure'), false);
  assert.equal(value('outlive.memory.fragmentation', { 'v8js.heap.space.name': 'rss' }), undefined);
  assert.ok(metrics.has('v8js.memory.heap.used') && metrics.has('nodejs.eventloop.utilization'));
});

test('a part that cannot be read leaves the others standing and reaches no error handler of the app', async () => {
  const readings = gateway();
  readings.queues = () => {
    throw new Error('the app’s own size() threw');
  };
  const { instruments, collect, failures } = collectedBy(readings);
  await assert.rejects(collect(), AggregateError);
  assert.equal(failures[0], 'queues');
  failures.length = 0;
  readings.queues = () => [];
  assert.ok((await collect()).metrics.has('outlive.memory.external'));
  instruments.detach();
});

test('the phase is told by kind where kinds differ, and a phase that is over is zero', async () => {
  const readings = new FakeReadings();
  readings.tally('stream');
  readings.tally('timer');
  const { collect } = collectedBy(readings);
  const state = (phase: string, of: string) => ({ 'outlive.self.phase': phase, [kind]: of });
  assert.equal((await collect()).value('outlive.self.state', state('learning', 'all')), 1);
  readings.judging.add('timer');
  const { value } = await collect();
  assert.equal(value('outlive.self.state', state('learning', 'all')), 0);
  assert.equal(value('outlive.self.state', state('judging', 'timer')), 1);
  assert.equal(value('outlive.self.state', state('learning', 'stream')), 1);
  readings.judging.add('stream');
  const last = await collect();
  assert.equal(last.value('outlive.self.state', state('judging', 'all')), 1);
  assert.equal(last.value('outlive.self.state', state('judging', 'timer')), 0);
});

test('the sampling ratio is told once for all groups of hooks, and beside it for those that differ', async () => {
  const readings = new FakeReadings();
  const { collect } = collectedBy(readings);
  const group = 'outlive.self.hook_group';
  const ratios = async () =>
    (await collect()).points('outlive.self.sampling.ratio').map(({ attributes, value }) => [attributes[group], value]);
  readings.samplingRatios = [
    ['http', 0.5],
    ['streams', 0.5],
  ];
  assert.deepEqual(await ratios(), [['all', 0.5]]);
  readings.samplingRatios = [
    ['http', 0.5],
    ['streams', 0.5],
    ['generators', 0.1],
  ];
  assert.deepEqual(await ratios(), [
    ['all', 0.5],
    ['generators', 0.1],
  ]);
});

test('what was dropped is told from zero on, and by reason once there is one', async () => {
  const readings = new FakeReadings();
  readings.drops = [
    ['ledger_full', 0],
    ['sites_full', 0],
  ];
  const { collect } = collectedBy(readings);
  assert.deepEqual(
    (await collect()).points('outlive.self.drops').map(({ value }) => value),
    [0],
  );
  readings.drops = [
    ['ledger_full', 3],
    ['sites_full', 0],
  ];
  assert.equal((await collect()).value('outlive.self.drops', { 'outlive.self.drop.reason': 'ledger_full' }), 3);
});

test('samples are drained at a sweep as well, so that their bounded arrays do not fill up between two exports', async () => {
  const readings = gateway();
  const { instruments, collect } = collectedBy(readings);
  instruments.drain();
  assert.equal(readings.tally('stream').lifetimeSamplesS.length, 0);
  assert.equal(readings.rssSamplesBytes.length, 0);
  assert.equal((await collect()).value('outlive.memory.rss'), 200e6);
});

test('a kind whose hooks were detached is in a phase of its own, and out of it again when they are back', async () => {
  const readings = gateway();
  const { collect } = collectedBy(readings);
  const of = async (phase: string, ofKind: string) =>
    (await collect()).value('outlive.self.state', { 'outlive.self.phase': phase, [kind]: ofKind });
  assert.equal(await of('detached', 'timer'), undefined);
  readings.detached.add('timer');
  assert.equal(await of('detached', 'timer'), 1);
  assert.equal(await of('judging', 'all'), 1);
  readings.detached.clear();
  assert.equal(await of('detached', 'timer'), 0);
});
