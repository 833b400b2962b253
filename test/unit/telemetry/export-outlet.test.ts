import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { MetricOutlet, type OutletOptions } from '../../../src/telemetry/export-outlet.ts';
import { exported, outletOptions, SlowCollector } from './slow-collector.ts';

const metrics = {} as ResourceMetrics;
const totals = (options: OutletOptions) => ({ ...options, sendsDeltas: false });

test('nobody waits for an export: the reader is answered at once, whatever becomes of it', async () => {
  const collector = new SlowCollector();
  const { options, failures } = outletOptions();
  const outlet = new MetricOutlet(collector, totals(options));
  assert.equal(exported(outlet, metrics), 0);
  await collector.answer(1);
  assert.deepEqual(failures, ['Error: down']);
});

test('metrics: while one export hangs no other begins, and after its time-out the next one does', async () => {
  const collector = new SlowCollector();
  const { options, failures, pass } = outletOptions();
  const outlet = new MetricOutlet(collector, totals(options));
  for (let i = 0; i < 5; i++) exported(outlet, metrics);
  assert.equal(collector.batches.length, 1);
  pass();
  await outlet.forceFlush();
  exported(outlet, metrics);
  assert.equal(collector.batches.length, 2);
  assert.deepEqual(failures, ['Error: no answer']);
});

test('metrics: a muted outlet sends nothing, its reader does not notice', () => {
  const collector = new SlowCollector();
  const outlet = new MetricOutlet(collector, totals(outletOptions().options));
  outlet.mute();
  assert.equal(exported(outlet, metrics), 0);
  assert.equal(collector.batches.length, 0);
});

const deltas = (name: string) => ({ name }) as unknown as ResourceMetrics;
const nameOf = (batch: unknown): string => (batch as { readonly name: string }).name;

test('metrics of deltas: what was not taken is sent again, in order, before what comes next', async () => {
  const collector = new SlowCollector();
  const outlet = new MetricOutlet(collector, { ...outletOptions().options, sendsDeltas: true });
  exported(outlet, deltas('a'));
  exported(outlet, deltas('b'));
  await collector.answer(1);
  assert.deepEqual(collector.batches.map(nameOf), ['a'], 'no sooner than the next collection');
  exported(outlet, deltas('c'));
  for (const code of [0, 0, 0] as const) await collector.answer(code);
  assert.deepEqual(collector.batches.map(nameOf), ['a', 'a', 'b', 'c']);
});

test('metrics of deltas: a flush tries once more; of what is not taken for long the last ten are kept, the others counted', async () => {
  const collector = new SlowCollector();
  const { options, drops } = outletOptions();
  const outlet = new MetricOutlet(collector, { ...options, sendsDeltas: true });
  for (let i = 0; i < 30; i++) {
    exported(outlet, deltas(`d${i}`));
    await collector.answer(1);
  }
  collector.batches.length = 0;
  const flushed = outlet.forceFlush();
  for (let i = 0; i < 12; i++) {
    await turn();
    await collector.answer(0);
  }
  await flushed;
  assert.deepEqual(
    collector.batches.map(nameOf),
    Array.from({ length: 10 }, (_, i) => `d${20 + i}`),
  );
  assert.deepEqual(drops, { deltas_lost: 20 });
});

test('metrics of deltas: a collection that is refused for what it is holds up no other, and is counted', async () => {
  const collector = new SlowCollector();
  const { options, drops } = outletOptions();
  const outlet = new MetricOutlet(collector, { ...options, sendsDeltas: true });
  exported(outlet, deltas('bad'));
  exported(outlet, deltas('b'));
  await collector.refuse(400);
  await collector.answer(0);
  assert.deepEqual(collector.batches.map(nameOf), ['bad', 'b']);
  assert.deepEqual(drops, { deltas_lost: 1 });
});

test('an exporter that throws is a failed export', async () => {
  const { options, failures } = outletOptions();
  const broken = Object.assign(new SlowCollector(), {
    export: () => {
      throw new Error('broken');
    },
  });
  const outlet = new MetricOutlet(broken, totals(options));
  assert.equal(exported(outlet, metrics), 0);
  await outlet.forceFlush();
  assert.deepEqual(failures, ['Error: broken']);
});

test('shutdown waits for the export under way, then ends the exporter', async () => {
  const collector = new SlowCollector();
  const outlet = new MetricOutlet(collector, totals(outletOptions().options));
  exported(outlet, metrics);
  const down = outlet.shutdown();
  await turn();
  assert.equal(collector.shutdowns, 0);
  await collector.answer(0);
  await down;
  assert.equal(collector.shutdowns, 1);
});
