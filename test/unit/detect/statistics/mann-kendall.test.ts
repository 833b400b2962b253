import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { autocorrelation } from '../../../../src/detect/statistics/autocorrelation.ts';
import { kendallVariance } from '../../../../src/detect/statistics/kendall-variance.ts';
import { mannKendall, ranksOf } from '../../../../src/detect/statistics/mann-kendall.ts';
import { normals, remembering } from './random.ts';

const values = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 8, maxLength: 40 });

const alarmShare = (memory: number, corrected: boolean): number => {
  const noise = normals(5);
  let alarms = 0;
  for (let run = 0; run < 500; run++) {
    const trend = mannKendall(remembering(memory, noise, 60));
    if (Math.abs((trend?.z ?? 0) * (corrected ? 1 : Math.sqrt(trend?.correction ?? 1))) > 1.96) alarms++;
  }
  return alarms / 500;
};

test("mann-kendall: Gilbert's example with ties, worked out by hand", () => {
  // 10 22 21 30 22 30 40 40: 23 pairs rise, 2 fall, 3 are equal; the variance 8*7*21/18 less 3 pairs of 2*1*9/18
  const trend = mannKendall([10, 22, 21, 30, 22, 30, 40, 40]);
  assert.equal(trend?.s, 21);
  assert.equal(kendallVariance([10, 22, 21, 30, 22, 30, 40, 40]), 1176 / 18 - 3);
  assert.ok(Math.abs((trend?.z ?? 0) * Math.sqrt(trend?.correction ?? 0) - 20 / Math.sqrt(1176 / 18 - 3)) < 1e-12);
});

test('mann-kendall: what rises always has all pairs, what is equal has no trend', () => {
  assert.equal(mannKendall([1, 2, 3, 4, 5, 6, 7, 8])?.tau, 1);
  assert.equal(mannKendall([5, 5, 5, 5, 5, 5, 5, 5])?.z, 0);
  assert.equal(mannKendall([1, 2, 3]), undefined);
});

test('mann-kendall: turned upside down the trend is as strong, the other way', () => {
  fc.assert(
    fc.property(values, (y) => {
      const up = mannKendall(y);
      const down = mannKendall(y.map((value) => -value));
      assert.equal(up?.s, 0 - (down?.s ?? NaN));
      assert.ok(Math.abs((up?.z ?? NaN) + (down?.z ?? NaN)) < 1e-9);
    }),
  );
});

test('mann-kendall: only the order counts where the noise has no memory to correct for', () => {
  fc.assert(
    fc.property(values, (y) => {
      assert.equal(mannKendall(y)?.s, mannKendall(y.map((value) => value ** 3))?.s);
      assert.ok((mannKendall(y)?.correction ?? 0) >= 1);
    }),
  );
});

test('mann-kendall: noise with a memory of 0.6 alarms four times as often without the correction', () => {
  assert.ok(alarmShare(0, true) < 0.09);
  const [bare, corrected] = [alarmShare(0.6, false), alarmShare(0.6, true)];
  assert.ok(bare > 0.25, String(bare));
  assert.ok(corrected < 0.11 && corrected < bare / 3, String(corrected));
});

test('ranks: equal values share the mean of their ranks, and their sum is that of 1 to n', () => {
  assert.deepEqual(ranksOf([30, 10, 20, 10]), [4, 1.5, 3, 1.5]);
  fc.assert(
    fc.property(values, (y) => {
      const sum = ranksOf(y).reduce((total, rank) => total + rank, 0);
      assert.equal(sum, (y.length * (y.length + 1)) / 2);
    }),
  );
});

test('autocorrelation: 1 with itself, below 0 for what swings, 0 for what does not move', () => {
  assert.equal(autocorrelation([1, 5, 2], 0), 1);
  assert.ok(autocorrelation([1, -1, 1, -1, 1, -1], 1) < -0.8);
  assert.equal(autocorrelation([3, 3, 3], 1), 0);
  assert.equal(autocorrelation([1, 2], 2), 0);
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 7 }), (y, lag) => {
      assert.ok(Math.abs(autocorrelation(y, lag)) <= 1);
    }),
  );
});
