import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { acceleration, trend } from '../../../../src/detect/statistics/trend.ts';
import { normals, remembering } from './random.ts';

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const near = (actual: number | undefined, expected: number, within = 1e-6): void =>
  assert.ok(Math.abs((actual ?? NaN) - expected) <= within, `${actual} is not ${expected}`);

const heldOf = (runs: number, holds: () => boolean): number =>
  Array.from({ length: runs }, holds).filter(Boolean).length / runs;

test('trend: a line is its own slope, and the interval as good as a point', () => {
  const x = count(20);
  const slope = trend(
    x,
    x.map((at) => 3e6 * at - 7e8),
  );
  near(slope?.value, 3e6, 1);
  near(slope?.low, 3e6, 1);
  near(slope?.high, 3e6, 1);
});

for (const memory of [0, 0.5, 0.8]) {
  test(`trend: the interval holds the slope in about 95 of 100 series whose noise keeps ${memory}`, () => {
    const noise = normals(17);
    const x = count(32);
    const held = heldOf(400, () => {
      const rest = remembering(memory, noise, x.length);
      const slope = trend(
        x,
        x.map((at) => 0.5 * at + (rest[at] ?? 0)),
      );
      return slope !== undefined && slope.low <= 0.5 && 0.5 <= slope.high;
    });
    assert.ok(held >= 0.92 && held <= 0.985, String(held));
  });
}

test('trend: one collection in ten amid a burst tilts it by less than a twentieth', () => {
  const noise = normals(23);
  const x = count(60);
  const y = x.map((at) => 2 * at + noise() + (at % 10 === 9 ? 200 : 0));
  near(trend(x, y)?.value, 2, 0.1);
});

test('trend: moved, stretched and turned levels move, stretch and turn it', () => {
  const levels = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 8, maxLength: 40 });
  fc.assert(
    fc.property(levels, fc.integer({ min: -9, max: 9 }), fc.integer({ min: -500, max: 500 }), (y, factor, shift) => {
      const x = count(y.length);
      const plain = trend(x, y);
      const other = trend(
        x,
        y.map((level) => factor * level + shift),
      );
      const within = 1e-4 * (1 + Math.abs((plain?.high ?? 0) - (plain?.low ?? 0))) * (1 + Math.abs(factor));
      near(other?.value, (plain?.value ?? NaN) * factor, within);
      near(other?.low, Math.min((plain?.low ?? NaN) * factor, (plain?.high ?? NaN) * factor), within);
    }),
    { numRuns: 60 },
  );
});

test('trend: it lies within its interval, whatever the times', () => {
  const point = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 1000 }));
  fc.assert(
    fc.property(fc.array(point, { minLength: 6, maxLength: 30 }), (points) => {
      let at = 0;
      const slope = trend(
        points.map(([gap]) => (at += gap)),
        points.map(([, level]) => level),
      );
      assert.ok(slope !== undefined && slope.low <= slope.value && slope.value <= slope.high);
    }),
    { numRuns: 60 },
  );
});

test('trend: too few points give nothing, equal levels give 0, equal times nothing', () => {
  assert.equal(trend(count(5), count(5)), undefined);
  assert.deepEqual(trend(count(8), count(8).fill(5)), { value: 0, low: 0, high: 0 });
  assert.equal(trend(count(8).fill(1), count(8)), undefined);
});

test('acceleration: twice the coefficient of the square, with an interval that holds it', () => {
  const x = count(30);
  near(
    acceleration(
      x,
      x.map((at) => 0.25 * at * at - 4 * at),
    )?.value,
    0.5,
    1e-6,
  );
  const noise = normals(29);
  const held = heldOf(400, () => {
    const rest = remembering(0.5, noise, x.length);
    const found = acceleration(
      x,
      x.map((at) => 0.05 * at * at + (rest[at] ?? 0)),
    );
    return found !== undefined && found.low <= 0.1 && 0.1 <= found.high;
  });
  assert.ok(held >= 0.92 && held <= 0.985, String(held));
});

test('acceleration: a line has none, and too few points give nothing', () => {
  const noise = normals(31);
  const x = count(40);
  const found = acceleration(
    x,
    x.map((at) => 2 * at + noise()),
  );
  assert.ok(found !== undefined && found.low < 0 && 0 < found.high);
  assert.equal(acceleration(count(6), [1, 2, 4, 8, 16, 32]), undefined);
});
