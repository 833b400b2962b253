import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queues } from '../../../src/lifetime/queues.ts';
import { type QueueReader, WatchedQueues } from '../../../src/observe/library-queues.ts';
import { collectGarbage, observed } from './observed.ts';

/** A queue of some library: an array that may have a bound. */
class Box {
  items: number[] = [];
  bound = Infinity;
}

const sizeOnly: QueueReader<Box> = { size: ({ items }) => items.length };

function watched(reader: QueueReader<Box> = sizeOnly, library = 'boxes') {
  const clock = { nowMs: () => now.ms, wallMs: () => now.ms };
  const now = { ms: 1_000 };
  const failures: unknown[] = [];
  const queues = new Queues({ wallMs: clock.wallMs, failed: (_name, error) => failures.push(error) });
  const { observer } = observed({ hooks: [] });
  const home = { appRoot: import.meta.dirname, cwd: import.meta.dirname };
  const boxes = new WatchedQueues<Box>(library, reader, { observer, queues, clock, home });
  const put = (box: Box, count = 1): void => {
    for (let i = 0; i < count; i++) {
      boxes.put(box);
      box.items.push(i);
    }
  };
  const sampled = () => {
    for (const _tick of queues.sample(now.ms));
    assert.deepEqual(failures, []);
    return [...queues];
  };
  return { boxes, now, put, queues, sampled };
}

test('library queues: one is named by the line that put something in first, and read each sweep', () => {
  const { now, put, sampled } = watched();
  const box = new Box();
  put(box, 3);
  const [before] = sampled();
  assert.match(before?.name ?? '', /^boxes library-queues\.test\.ts:\d+$/);
  assert.equal(before?.site?.frame.file, import.meta.filename);
  now.ms = 4_000;
  put(box, 2);
  box.items.shift();
  const [queue] = sampled();
  assert.deepEqual([queue?.sort, queue?.size, queue?.capacity, queue?.oldestAgeMs], ['queue', 4, undefined, 3_000]);
  assert.deepEqual(queue?.flow, { enqueued: 2, dequeued: 1 });
});

test('library queues: one that is told of while it is made is named by that line, and those of one line add up', () => {
  const { boxes, put, sampled } = watched({ ...sizeOnly, capacity: ({ bound }) => bound });
  const made = [1, 2].map((bound) => {
    const box = Object.assign(new Box(), { bound });
    boxes.made(box);
    return box;
  });
  for (const box of made) put(box, 2);
  boxes.made(made[0] ?? assert.fail());
  const [queue, ...others] = sampled();
  assert.deepEqual([queue?.size, queue?.capacity, others], [4, 3, []]);
});

test('library queues: what waited before it was met counts as put in', () => {
  const { put, sampled } = watched();
  const box = Object.assign(new Box(), { items: [1, 2, 3] });
  put(box);
  const [queue] = sampled();
  assert.equal(queue?.size, 4);
  box.items.length = 0;
  assert.deepEqual(sampled()[0]?.flow, { enqueued: 0, dequeued: 4 });
});

test('library queues: the age of the oldest is not told once items leave out of turn, until it was empty', () => {
  const { boxes, now, put, sampled } = watched();
  const box = new Box();
  put(box, 3);
  boxes.reordered(box);
  now.ms = 2_000;
  assert.equal(sampled()[0]?.oldestAgeMs, undefined);
  box.items.length = 0;
  sampled();
  put(box);
  now.ms = 5_000;
  assert.equal(sampled()[0]?.oldestAgeMs, 3_000);
});

test('library queues: collected ones are forgotten, and what they held went out', async () => {
  const { put, sampled } = watched();
  const kept = new Box();
  const putInBoth = (): void => {
    put(kept);
    put(new Box(), 10);
  };
  putInBoth();
  assert.equal(sampled()[0]?.size, 11);
  await collectGarbage();
  const [queue] = sampled();
  assert.deepEqual([queue?.size, queue?.flow], [1, { enqueued: 0, dequeued: 10 }]);
  assert.equal(kept.items.length, 1);
});

test('library queues: 1,000 living ones are followed; of more it is counted how many', async () => {
  const { boxes, now, put, queues, sampled } = watched();
  const living = Array.from({ length: 1_005 }, () => new Box());
  for (const box of living) put(box);
  assert.equal(sampled()[0]?.size, 1_000);
  assert.equal(queues.dropped, 5);
  living.length = 500;
  await collectGarbage();
  sampled();
  // stacks are captured 1,000 times a second at most
  now.ms += 1_000;
  const late = new Box();
  boxes.made(late);
  assert.equal(queues.dropped, 5);
});

test('library queues: those that find no room among all watched names take none from others', () => {
  const { now, put, queues, sampled } = watched();
  const probe = { size: () => 0 };
  const unwatches = Array.from({ length: 200 }, (_, i) =>
    queues.watch({ sort: 'queue', name: `queue ${i}`, probe, site: null }),
  );
  for (let i = 0; i < 1_000; i++) put(new Box());
  assert.equal(queues.dropped, 1_000);
  for (const unwatch of unwatches) unwatch();
  now.ms += 1_000;
  put(new Box(), 3);
  assert.deepEqual([sampled()[0]?.size, queues.dropped], [3, 1_000]);
});

test('library queues: one that cannot be read is followed no more, and the others are', () => {
  const { put, queues, sampled } = watched({
    size: ({ items }) => {
      if (items.includes(13)) throw new Error('out of luck');
      return items.length === 4 ? NaN : items.length;
    },
  });
  const boxes = [new Box(), new Box(), Object.assign(new Box(), { items: [13] })];
  for (const box of boxes) put(box);
  assert.deepEqual([sampled()[0]?.size, queues.dropped], [2, 1]);
  boxes[0]?.items.push(13);
  assert.deepEqual([sampled()[0]?.size, queues.dropped], [1, 2]);
  boxes[1]?.items.push(2, 3, 4);
  assert.deepEqual([sampled()[0]?.size, queues.dropped], [0, 3]);
  for (const box of boxes) put(box);
  assert.equal(queues.dropped, 3);
});

test('library queues: two of one line are told apart, and long names are cut in front', () => {
  for (const library of ['boxes', 'l'.repeat(60)]) {
    const { boxes, sampled } = watched(sizeOnly, library);
    // oxfmt-ignore
    const both = [(): void => boxes.put(new Box()), (): void => boxes.put(new Box()), (): void => boxes.put(new Box())];
    for (const one of both) one();
    const names = sampled().map(({ name }) => name);
    assert.equal(new Set(names).size, 3, names.join());
    for (const name of names) assert.match(name, library === 'boxes' ? /^boxes library-q/ : /^l{60} ….*\d$/);
    assert.ok(names.every(({ length }) => length <= 80));
  }
});

test('library queues: one that lives on after outlive has ended keeps nothing of it alive', async () => {
  const box = new Box();
  const over = (() => {
    const { boxes, put } = watched();
    put(box);
    return new WeakRef(boxes);
  })();
  await collectGarbage();
  assert.deepEqual([over.deref(), box.items], [undefined, [0]]);
});

test('library queues: at the end nothing is watched any more', () => {
  const { boxes, put, sampled } = watched();
  put(new Box());
  boxes.end();
  assert.deepEqual(sampled(), []);
});
