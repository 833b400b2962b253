import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changePoints, usualPrice } from '../../../../src/detect/statistics/change-points.ts';
import { normals, remembering } from './random.ts';

const levels = (...parts: readonly (readonly [level: number, length: number])[]): number[] =>
  parts.flatMap(([level, length]) => Array.from({ length }, () => level));

test('change points: each step of a staircase is found where it is', () => {
  const noise = normals(4);
  const stairs = levels([0, 20], [10, 15], [4, 25], [30, 10]).map((level) => level + noise());
  assert.deepEqual(changePoints(stairs), [20, 35, 60]);
});

test('change points: noise alone has none in most series, with memory as without', () => {
  for (const memory of [0, 0.6]) {
    const noise = normals(6);
    let none = 0;
    for (let run = 0; run < 200; run++) if (changePoints(remembering(memory, noise, 60)).length === 0) none++;
    assert.ok(none > 0.75 * 200, `${memory}: ${none}`);
  }
});

test('change points: no partition is cheaper, by trying them all', () => {
  const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 9 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 40 }), (all, price) => {
      const cheapest = partitionsOf(all.length, 2).map((steps) => costOf(all, steps, price));
      const found = costOf(all, changePoints(all, price, 2), price);
      assert.ok(Math.abs(found - Math.min(...cheapest)) < 1e-6, `${found}, ${Math.min(...cheapest)}`);
    }),
  );
});

test('change points: too few values have none', () => {
  assert.deepEqual(changePoints([]), []);
  assert.deepEqual(changePoints([1, 2]), []);
  assert.deepEqual(changePoints([5, 5, 5, 5, 5, 5]), []);
  assert.equal(usualPrice([1, 2]), Infinity);
});

/** All ways of cutting n values into parts of this length at least. */
function partitionsOf(n: number, shortest: number): number[][] {
  if (n < shortest) return [];
  const shorter = Array.from({ length: n }, (_, cut) => cut).filter((cut) => cut >= shortest && n - cut >= shortest);
  return [[], ...shorter.flatMap((cut) => partitionsOf(cut, shortest).map((steps) => [...steps, cut]))];
}

function costOf(values: readonly number[], steps: readonly number[], price: number): number {
  const bounds = [0, ...steps, values.length];
  return bounds.slice(1).reduce((sum, end, i) => {
    const part = values.slice(bounds[i], end);
    const mean = part.reduce((total, value) => total + value, 0) / part.length;
    return sum + part.reduce((total, value) => total + (value - mean) ** 2, 0);
  }, price * steps.length);
}
