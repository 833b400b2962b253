import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { LogOutlet, MetricOutlet, type MetricOutletOptions } from '../../../src/telemetry/export-outlet.ts';

type Done = (result: { readonly code: number; readonly error?: Error }) => void;

/** An exporter whose every export waits until the test answers it. */
class Collector {
  readonly batches: unknown[] = [];
  readonly answers: Done[] = [];
  shutdowns = 0;
  export = (batch: unknown, done: Done): void => {
    this.batches.push(batch);
    this.answers.push(done);
  };
  forceFlush = (): Promise<void> => Promise.resolve();
  shutdown = async (): Promise<void> => void this.shutdowns++;
  async answer(code: 0 | 1): Promise<void> {
    this.answers.shift()?.({ code, ...(code === 1 ? { error: new Error('down') } : {}) });
    await turn();
  }
}

/** Time passes when the test says so. */
function outletOptions() {
  const failures: string[] = [];
  const timers: (() => void)[] = [];
  const options: MetricOutletOptions = {
    sendsDeltas: false,
    quietly: (fn) => fn(),
    failed: (error) => failures.push(String(error)),
    timeoutMs: 1000,
    setTimeout: (fn) => ({ cancel: () => void timers.splice(timers.indexOf(fn), 1), at: timers.push(fn) }),
  };
  return { options, failures, timeout: () => timers.splice(0).forEach((fn) => fn()) };
}

const metrics = {} as ResourceMetrics;
const records = (...names: string[]) => names.map((eventName) => ({ eventName }) as ReadableLogRecord);
const namesOf = (batch: unknown) => (batch as ReadableLogRecord[]).map(({ eventName }) => eventName);
const exported = (outlet: { export: (batch: never, done: Done) => void }, batch: unknown): number => {
  let code = -1;
  outlet.export(batch as never, (result) => (code = result.code));
  return code;
};

test('nobody waits for an export: the reader is answered at once, whatever becomes of it', async () => {
  const collector = new Collector();
  const { options, failures } = outletOptions();
  const outlet = new MetricOutlet(collector, options);
  assert.equal(exported(outlet, metrics), 0);
  await collector.answer(1);
  assert.deepEqual(failures, ['Error: down']);
});

test('metrics: while one export hangs no other begins, and after its time-out the next one does', async () => {
  const collector = new Collector();
  const { options, failures, timeout } = outletOptions();
  const outlet = new MetricOutlet(collector, options);
  for (let i = 0; i < 5; i++) exported(outlet, metrics);
  assert.equal(collector.batches.length, 1);
  timeout();
  await outlet.forceFlush();
  exported(outlet, metrics);
  assert.equal(collector.batches.length, 2);
  assert.deepEqual(failures, ['Error: no answer']);
});

test('metrics: a muted outlet sends nothing, its reader does not notice', () => {
  const collector = new Collector();
  const outlet = new MetricOutlet(collector, outletOptions().options);
  outlet.mute();
  assert.equal(exported(outlet, metrics), 0);
  assert.equal(collector.batches.length, 0);
});

const deltas = (name: string) => ({ name }) as unknown as ResourceMetrics;
const nameOf = (batch: unknown): string => (batch as { readonly name: string }).name;

test('metrics of deltas: what was not taken is sent again, in order, before what comes next', async () => {
  const collector = new Collector();
  const outlet = new MetricOutlet(collector, { ...outletOptions().options, sendsDeltas: true });
  exported(outlet, deltas('a'));
  exported(outlet, deltas('b'));
  await collector.answer(1);
  assert.deepEqual(collector.batches.map(nameOf), ['a'], 'no sooner than the next collection');
  exported(outlet, deltas('c'));
  for (const code of [0, 0, 0] as const) await collector.answer(code);
  assert.deepEqual(collector.batches.map(nameOf), ['a', 'a', 'b', 'c']);
});

test('metrics of deltas: a flush tries once more; of what is not taken for long the last ten are kept', async () => {
  const collector = new Collector();
  const outlet = new MetricOutlet(collector, { ...outletOptions().options, sendsDeltas: true });
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
});

test('an exporter that throws is a failed export', async () => {
  const { options, failures } = outletOptions();
  const broken = Object.assign(new Collector(), {
    export: () => {
      throw new Error('broken');
    },
  });
  const outlet = new MetricOutlet(broken, options);
  assert.equal(exported(outlet, metrics), 0);
  await outlet.forceFlush();
  assert.deepEqual(failures, ['Error: broken']);
});

test('logs: what was not taken is sent again with what comes next, in order', async () => {
  const collector = new Collector();
  const outlet = new LogOutlet(collector, outletOptions().options);
  exported(outlet, records('a', 'b'));
  exported(outlet, records('c'));
  await collector.answer(1);
  assert.equal(collector.batches.length, 1);
  exported(outlet, records('d'));
  assert.deepEqual(namesOf(collector.batches[1]), ['a', 'b', 'c', 'd']);
  await collector.answer(0);
  exported(outlet, records('e'));
  assert.deepEqual(namesOf(collector.batches[2]), ['e']);
});

test('logs: what came while an export was under way follows when it is through', async () => {
  const collector = new Collector();
  const outlet = new LogOutlet(collector, outletOptions().options);
  exported(outlet, records('a'));
  exported(outlet, records('b'));
  await collector.answer(0);
  assert.deepEqual(collector.batches.map(namesOf), [['a'], ['b']]);
});

test('logs: a flush tries once more what is left', async () => {
  const collector = new Collector();
  const outlet = new LogOutlet(collector, outletOptions().options);
  exported(outlet, records('a'));
  await collector.answer(1);
  const flushed = outlet.forceFlush();
  await turn();
  await collector.answer(0);
  await flushed;
  assert.deepEqual(collector.batches.map(namesOf), [['a'], ['a']]);
});

test('logs: a dead collector leaves at most 512 records waiting, and the drops are counted', async () => {
  const collector = new Collector();
  const outlet = new LogOutlet(collector, outletOptions().options);
  for (let i = 0; i < 2000; i++) exported(outlet, records(`r${i}`));
  assert.equal(outlet.dropped, 2000 - 1 - 512);
  await collector.answer(1);
  exported(outlet, records('last'));
  const sent = namesOf(collector.batches[1]);
  assert.equal(sent.length, 512);
  assert.equal(sent.at(-1), 'last');
});

test('shutdown waits for the export under way, then ends the exporter', async () => {
  const collector = new Collector();
  const outlet = new MetricOutlet(collector, outletOptions().options);
  exported(outlet, metrics);
  const down = outlet.shutdown();
  await turn();
  assert.equal(collector.shutdowns, 0);
  await collector.answer(0);
  await down;
  assert.equal(collector.shutdowns, 1);
});
