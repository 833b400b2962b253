import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBeyondPauses, windowsWithin } from '../../../src/detect/queue-pauses.ts';
import { WatchedQueue } from '../../../src/lifetime/queues.ts';

/** Sixteen sweeps of nothing, and then steps of 9 and 11 where it is filled. */
function filled(sweeps: number, isFilled: (sweep: number) => boolean): WatchedQueue {
  const queue = new WatchedQueue('queue', 'jobs', null);
  let level = 0;
  for (let i = -16; i < sweeps; i++) {
    if (i >= 0 && isFilled(i)) level += i % 2 === 0 ? 9 : 11;
    queue.levels.add(level, i * 10_000);
    queue.drift.add(level, i * 10_000, queue.levels.riseSweeps === 0);
  }
  return queue;
}

const isBeyond = (queue: WatchedQueue, { higher = 3, longer = 4 } = {}): boolean =>
  isBeyondPauses(queue, higher, longer);

test('queue pauses: a rise without one is beyond them', () => {
  assert.equal(isBeyond(filled(96, () => true)), true);
});

test('queue pauses: a rise twice as long and as high as its first piece is not', () => {
  assert.equal(isBeyond(filled(112, (i) => i < 48 || i >= 56)), false);
});

test('queue pauses: one that is more than four times as long is', () => {
  assert.equal(
    isBeyond(
      filled(250, (i) => i % 56 < 48),
      { higher: Infinity },
    ),
    true,
  );
});

test('queue pauses: none is while it pauses', () => {
  assert.equal(isBeyond(filled(104, (i) => i < 96)), false);
});

test('queue pauses: one that is more than three times as high is', () => {
  assert.equal(
    isBeyond(
      filled(176, (i) => i < 48 || i >= 56),
      { longer: Infinity },
    ),
    true,
  );
});

test('queue pauses: a window that gains a little less than the others is none', () => {
  assert.equal(isBeyond(filled(96, (i) => i < 48 || i >= 50)), true);
});

test('queue pauses: of windows those are taken in which all was within the last looks', () => {
  const { windows } = filled(64, () => true).drift.scales[0] ?? assert.fail();
  assert.equal(windowsWithin(windows, 64).length, 8);
  assert.equal(windowsWithin(windows, 63).length, 7);
  assert.equal(windowsWithin(windows, 7).length, 0);
  assert.equal(windowsWithin(windows, 1000).length, windows.length);
});
