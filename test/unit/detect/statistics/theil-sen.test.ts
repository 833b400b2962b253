import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { theilSen } from '../../../../src/detect/statistics/theil-sen.ts';
import { normals } from './random.ts';

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test('theil-sen: a line is its own slope, and the interval is a point', () => {
  const x = count(10);
  assert.deepEqual(
    theilSen(
      x,
      x.map((at) => 3 * at - 7),
    ),
    { value: 3, low: 3, high: 3 },
  );
});

test('theil-sen: outliers up to 29 % do not move it far', () => {
  const x = count(20);
  const y = x.map((at) => (at % 5 === 2 ? 10_000 : 2 * at));
  assert.ok(Math.abs((theilSen(x, y)?.value ?? 0) - 2) < 0.5);
});

test('theil-sen: the middle of ten slopes, worked out by hand', () => {
  const slope = theilSen([1, 2, 3, 4, 5], [1.26, 1.27, 1.12, 1.16, 1.03]);
  // -.15 -.13 -.08 -.07 -.0575 | -.055 -.045 -.0333 .01 .04
  assert.ok(slope !== undefined && Math.abs(slope.value - -0.05625) < 1e-9, String(slope?.value));
});

test('theil-sen: fewer than 4 points give nothing, equal levels give 0, nothing gives NaN', () => {
  assert.equal(theilSen([1, 2, 3], [1, 2, 3]), undefined);
  assert.deepEqual(theilSen(count(8), count(8).fill(5)), { value: 0, low: 0, high: 0 });
  assert.equal(theilSen([1, 1, 1, 1, 1], count(5)), undefined);
});

test('theil-sen: the interval holds the true slope in about 95 of 100 series', () => {
  const noise = normals(42);
  const x = count(16);
  let held = 0;
  for (let run = 0; run < 2000; run++) {
    const slope = theilSen(
      x,
      x.map((at) => 0.5 * at + noise()),
    );
    if (slope !== undefined && slope.low <= 0.5 && 0.5 <= slope.high) held++;
  }
  assert.ok(held > 0.93 * 2000 && held < 0.99 * 2000, `${held} of 2000`);
});

test('theil-sen: ties make the interval no wider, and it mirrors when the levels are turned', () => {
  const levels = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 6, maxLength: 30 });
  fc.assert(
    fc.property(levels, (y) => {
      const up = theilSen(count(y.length), y);
      const down = theilSen(
        count(y.length),
        y.map((level) => -level),
      );
      assert.ok(up !== undefined && up.low <= up.value && up.value <= up.high);
      assert.ok(Math.abs(up.low + (down?.high ?? NaN)) < 1e-12 && Math.abs(up.value + (down?.value ?? NaN)) < 1e-12);
    }),
  );
});
