import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HeapFloor, HeapFloors } from '../../../src/lifetime/heap-floors.ts';

const floor = (atMs: number, bytes: number): HeapFloor => ({ atMs, bytes, codeBytes: 0 });

test('of collections in one window the lowest is kept, with its time', () => {
  const floors = new HeapFloors(100);
  for (const [atMs, bytes] of [
    [0, 50],
    [40, 30],
    [99, 40],
    [100, 60],
  ] as const) {
    floors.add(floor(atMs, bytes));
  }
  assert.deepEqual(floors.recent, [floor(40, 30), floor(100, 60)]);
  assert.deepEqual(floors.whole, floors.recent);
  assert.equal(floors.majors, 4);
});

test('a window begins with its first collection, however low a later one is', () => {
  const floors = new HeapFloors(100);
  for (let atMs = 0; atMs < 1000; atMs += 60) floors.add(floor(atMs, 1000 - atMs));
  assert.equal(floors.recent.length, 9);
});

test('the recent ones are the last 128', () => {
  const floors = new HeapFloors(10);
  for (let i = 0; i < 1000; i++) floors.add(floor(10 * i, i));
  assert.equal(floors.recent.length, 128);
  assert.deepEqual(floors.recent[0], floor(8720, 872));
  assert.deepEqual(floors.recent.at(-1), floor(9990, 999));
});

test('the whole life stays within 128 floors, in order, evenly spread, from the first on', () => {
  const floors = new HeapFloors(10);
  for (let i = 0; i < 100_000; i++) {
    floors.add(floor(10 * i, i));
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
  for (let i = 0; i < 4096; i++) floors.add(floor(10 * i, i % 64 === 63 ? 1 : 100));
  assert.ok(floors.whole.filter(({ bytes }) => bytes === 1).length >= 60);
});
