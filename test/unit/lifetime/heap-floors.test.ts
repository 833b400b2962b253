import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeapFloors } from '../../../src/lifetime/heap-floors.ts';

test('of collections in one window the lowest is kept, with its time', () => {
  const floors = new HeapFloors(100);
  for (const [atMs, bytes] of [
    [0, 50],
    [40, 30],
    [99, 40],
    [100, 60],
  ] as const) {
    floors.add({ atMs, bytes });
  }
  assert.deepEqual(floors.recent, [
    { atMs: 40, bytes: 30 },
    { atMs: 100, bytes: 60 },
  ]);
  assert.deepEqual(floors.whole, floors.recent);
  assert.equal(floors.majors, 4);
});

test('a window begins with its first collection, however low a later one is', () => {
  const floors = new HeapFloors(100);
  for (let atMs = 0; atMs < 1000; atMs += 60) floors.add({ atMs, bytes: 1000 - atMs });
  assert.equal(floors.recent.length, 9);
});

test('the recent ones are the last 128', () => {
  const floors = new HeapFloors(10);
  for (let i = 0; i < 1000; i++) floors.add({ atMs: 10 * i, bytes: i });
  assert.equal(floors.recent.length, 128);
  assert.deepEqual(floors.recent[0], { atMs: 8720, bytes: 872 });
  assert.deepEqual(floors.recent.at(-1), { atMs: 9990, bytes: 999 });
});

test('the whole life stays within 128 floors, in order, evenly spread, from the first on', () => {
  const floors = new HeapFloors(10);
  for (let i = 0; i < 100_000; i++) {
    floors.add({ atMs: 10 * i, bytes: i });
    assert.ok(floors.whole.length <= 128);
  }
  const times = floors.whole.map(({ atMs }) => atMs);
  assert.equal(times[0], 0);
  assert.ok(floors.whole.length > 64);
  const steps = times.slice(1).map((atMs, i) => atMs - (times[i] ?? 0));
  assert.equal(Math.min(...steps), Math.max(...steps));
});

test('the whole life keeps the lowest of what it merges', () => {
  const floors = new HeapFloors(10);
  for (let i = 0; i < 4096; i++) floors.add({ atMs: 10 * i, bytes: i % 64 === 63 ? 1 : 100 });
  assert.ok(floors.whole.filter(({ bytes }) => bytes === 1).length >= 60);
});
