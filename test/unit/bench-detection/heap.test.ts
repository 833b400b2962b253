import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Heap } from '../../../bench/detection/heap.ts';
import { growingHeaps, runHeapLeak } from '../../../bench/detection/heap-leaks.ts';
import { leakHolder } from '../../../bench/detection/holders.ts';
import { Random } from '../../../bench/detection/random.ts';
import { SampledHeap } from '../../../bench/detection/sampled-heap.ts';

const hourlySteps = 360;
const leak = leakHolder({ bytesPerHour: 100e6, pattern: 'linear', beginsMs: 0 });

describe('a simulated heap', () => {
  test('after an hour a leak of 100 MB an hour holds 100 MB, and the profiler has seen as much of it', () => {
    const random = new Random(1);
    const heap = new Heap(random, [{ bytesAt: () => 50e6, exchanged: 0.1 }, leak]);
    const profiler = new SampledHeap(heap, random);
    profiler.start(32 * 1024);
    for (let i = 0; i < hourlySteps; i++) {
      heap.step();
      profiler.step();
    }
    const bytesOf = (holder: number): number =>
      (profiler.read().stacks[holder]?.samples ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
    assert.equal(heap.levels[1], 100e6);
    assert.ok(Math.abs(bytesOf(1) / 100e6 - 1) < 0.1, `${bytesOf(1)}`);
    assert.ok(Math.abs(bytesOf(0) / 50e6 - 1) < 0.15, `${bytesOf(0)}`);
  });

  test('twelve reads an hour at most', () => {
    const random = new Random(2);
    const heap = new Heap(random, [leak]);
    const profiler = new SampledHeap(heap, random);
    profiler.start(32 * 1024);
    for (let i = 0; i < 12; i++) profiler.read();
    assert.equal(profiler.mayRead(), false);
    for (let i = 0; i <= hourlySteps; i++) heap.step();
    assert.equal(profiler.mayRead(), true);
  });

  test('a leak of 200 MB an hour is told at its line within hours', () => {
    const fast = growingHeaps.find(({ mbPerHour, onset }) => mbPerHour === 200 && onset === 'boot');
    assert.ok(fast);
    const { namedHours } = runHeapLeak(fast, new Random(3));
    assert.ok(namedHours < 4, `${namedHours}`);
  });
});
