import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { leastSquares } from '../../../../src/detect/statistics/least-squares.ts';
import { normals } from './random.ts';

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const near = (actual: number | undefined, expected: number, within = 1e-4): void =>
  assert.ok(Math.abs((actual ?? NaN) - expected) < within, `${actual} is not ${expected}`);

test('least squares: worked out by hand', () => {
  // means 3 and 4; Sxx 10, Sxy 7; residuals .4 -.3 -1 1.3 -.4, their squares 3.1 over 3; t of 3 degrees 3.18245
  const line = leastSquares([1, 2, 3, 4, 5], [3, 3, 3, 6, 5]);
  near(line?.slope.value, 0.7);
  near(line?.intercept, 1.9);
  near(line?.spread, Math.sqrt(3.1 / 3));
  near(line?.slope.low, 0.7 - 3.18245 * Math.sqrt(3.1 / 30));
  near(line?.slope.high, 0.7 + 3.18245 * Math.sqrt(3.1 / 30));
});

test('least squares: the interval holds the true slope in about 95 of 100 series of noise without memory', () => {
  const noise = normals(3);
  const x = count(10);
  let held = 0;
  for (let run = 0; run < 2000; run++) {
    const slope = leastSquares(
      x,
      x.map((at) => noise() - 2 * at),
    )?.slope;
    if (slope !== undefined && slope.low <= -2 && -2 <= slope.high) held++;
  }
  assert.ok(held > 0.935 * 2000 && held < 0.965 * 2000, `${held} of 2000`);
});

test('least squares: moving and stretching the points moves and stretches the line', () => {
  const levels = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 30 });
  fc.assert(
    fc.property(levels, fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }), (y, shift, factor) => {
      const plain = leastSquares(count(y.length), y)?.slope;
      const moved = leastSquares(
        count(y.length),
        y.map((level) => level * factor + shift),
      )?.slope;
      near(moved?.value, (plain?.value ?? NaN) * factor, 1e-6);
      near(moved?.low, (plain?.low ?? NaN) * factor, 1e-6);
    }),
  );
});

test('least squares: fewer than 3 points and a single x give nothing', () => {
  assert.equal(leastSquares([1, 2], [1, 2]), undefined);
  assert.equal(leastSquares([1, 1, 1], [1, 2, 3]), undefined);
});
