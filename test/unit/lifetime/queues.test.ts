import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type QueueProbe, Queues } from '../../../src/lifetime/queues.ts';

function sample(queues: Queues, nowMs: number): void {
  for (const _ of queues.sample(nowMs));
}

function watching() {
  const failed: string[] = [];
  const queues = new Queues({
    wallMs: () => 100_000,
    failed: (name, error) => failed.push(`${name}: ${String(error)}`),
  });
  const watch = (name: string, probe: QueueProbe) => queues.watch({ sort: 'queue', name, probe, site: null });
  return { queues, failed, watch };
}

test('queues: size, capacity and the age of the oldest are read once a sweep', () => {
  const { queues, watch } = watching();
  let reads = 0;
  watch('jobs', { size: () => (reads++, 7), capacity: () => 10, oldest: () => new Date(97_000) });
  sample(queues, 1);
  const [jobs] = queues;
  assert.equal(reads, 1);
  assert.deepEqual([jobs?.size, jobs?.capacity, jobs?.oldestAgeMs], [7, 10, 3000]);
});

test('queues: watches of one name add up; an unbounded one has no capacity', () => {
  const { queues, watch } = watching();
  watch('jobs', { size: () => 7, capacity: 10 });
  const unwatch = watch('jobs', { size: () => 5, capacity: Infinity, oldest: () => undefined });
  sample(queues, 1);
  assert.deepEqual(
    [...queues].map(({ size, capacity, oldestAgeMs }) => [size, capacity, oldestAgeMs]),
    [[12, undefined, undefined]],
  );
  unwatch();
  sample(queues, 2);
  assert.deepEqual(
    [...queues].map(({ size, capacity }) => [size, capacity]),
    [[7, 10]],
  );
});

test('queues: what went in and out is counted where the app counts one of them, the other follows', () => {
  const { queues, watch } = watching();
  let [pushed, taken, size] = [100, 0, 20];
  watch('pushes', { size: () => size, enqueued: () => pushed });
  watch('takes', { size: () => size, dequeued: () => taken });
  watch('neither', { size: () => size });
  sample(queues, 1);
  [pushed, taken, size] = [130, 25, 25];
  sample(queues, 2);
  assert.deepEqual(
    [...queues].map(({ name, flow }) => [name, flow]),
    [
      ['pushes', { enqueued: 30, dequeued: 25 }],
      ['takes', { enqueued: 30, dequeued: 25 }],
      ['neither', undefined],
    ],
  );
});

test('queues: a total never falls, by a watch that ends or a count that starts anew', () => {
  const { queues, watch } = watching();
  let pushed = 0;
  const probe = { size: () => 3, enqueued: () => pushed };
  const unwatch = watch('jobs', probe);
  watch('jobs', probe);
  sample(queues, 1);
  pushed = 10;
  sample(queues, 2);
  unwatch();
  pushed = 2;
  sample(queues, 3);
  assert.deepEqual(
    [...queues].map(({ flow }) => flow),
    [{ enqueued: 20, dequeued: 20 }],
  );
});

test('queues: `this` of the callbacks is what the app gave', () => {
  const { queues, watch } = watching();
  class Jobs implements QueueProbe {
    readonly items = [1, 2, 3];
    size(): number {
      return this.items.length;
    }
  }
  watch('jobs', new Jobs());
  sample(queues, 1);
  assert.equal([...queues][0]?.size, 3);
});

test('queues: a callback that throws, or gives no number, ends its watch with one line', () => {
  const { queues, failed, watch } = watching();
  watch('broken', {
    size() {
      throw new Error('gone');
    },
  });
  watch('odd', { size: () => NaN });
  watch('negative', { size: () => -1 });
  watch('sound', { size: () => 1 });
  for (let i = 0; i < 3; i++) sample(queues, i);
  assert.equal(failed.length, 3);
  assert.equal(failed[0], 'broken: Error: gone');
  assert.equal(queues.failures, 3);
  assert.deepEqual(
    [...queues].map(({ name }) => name),
    ['sound'],
  );
});

test('queues: a count that is no function ends its watch with one line, and throws nothing at who watches', () => {
  const { queues, failed, watch } = watching();
  const noFunction: object = { size: () => 1, enqueued: 5 };
  watch('odd', noFunction as QueueProbe);
  for (let i = 0; i < 3; i++) sample(queues, i);
  assert.deepEqual([failed.length, queues.failures, [...queues].length], [1, 1, 0]);
});

test('queues: unwatch is idempotent, works with `using`, and lets the callbacks go', () => {
  const { queues, watch } = watching();
  // what `using` calls; Node 22 does not parse it
  const watched = watch('jobs', { size: () => 1 });
  assert.equal([...queues].length, 1);
  watched[Symbol.dispose]();
  assert.equal([...queues].length, 0);
  const unwatch = watch('jobs', { size: () => 1 });
  unwatch();
  watch('jobs', { size: () => 2 });
  unwatch();
  assert.equal([...queues].length, 1);
});

test('queues: at most 200 names, the rest is counted', () => {
  const { queues, watch } = watching();
  for (let i = 0; i < 250; i++) watch(`queue ${i}`, { size: () => 1 });
  assert.equal([...queues].length, 200);
  assert.equal(queues.dropped, 50);
});
