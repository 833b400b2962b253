import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drift } from '../../../src/lifetime/drift.ts';

function followed(looks: number, level: (look: number) => number): Drift {
  const drift = new Drift();
  for (let i = 0; i < looks; i++) drift.add(level(i), i, i === 0);
  return drift;
}

test('drift: a window says what it gained, in which steps, and how often it fell', () => {
  const [first, second] = followed(16, (i) => (i % 4 === 3 ? i - 3 : i)).scales[0]?.windows ?? [];
  assert.deepEqual(first, { min: 0, max: 6, endedMs: 7, steps: 7, gain: 4, squares: 28, falls: 2 });
  assert.deepEqual(second, { min: 8, max: 14, endedMs: 15, steps: 8, gain: 8, squares: 44, falls: 2 });
});

test('drift: windows of each scale are as long as they say, and at most 32 are kept', () => {
  const { scales } = followed(100_000, (i) => i);
  assert.deepEqual(
    scales.map(({ windows }) => windows.length),
    [32, 32, 32, 32],
  );
  assert.deepEqual(
    scales.map(({ windows }) => windows.at(-1)?.gain),
    [8, 32, 128, 512],
  );
});

test('drift: the shape is the power of time by which it grew', () => {
  for (const power of [0.5, 0.7, 1, 2]) {
    const { shape } = followed(2000, (i) => 100 * i ** power);
    assert.ok(Math.abs(shape - power) < 0.02, `${power}: ${shape}`);
  }
});

test('drift: its error is that of so many steps', () => {
  assert.ok(Math.abs(followed(101, (i) => 7 * i).shapeError - 0.1) < 1e-9);
});

test('drift: what falls back to where it began begins anew', () => {
  const drift = followed(100, (i) => i);
  drift.add(0, 100, true);
  assert.equal(drift.shape, 0);
  assert.equal(drift.shapeError, Infinity);
});
