import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import chance from '@stdlib/stats-base-dists-normal-cdf';
import oracle from '@stdlib/stats-base-dists-normal-quantile';
import { normalQuantile } from '../../../../src/detect/statistics/normal.ts';

test('normal: the quantiles of the tables', () => {
  for (const [probability, value] of [
    [0.975, 1.959963985],
    [0.995, 2.575829304],
    [0.999, 3.090232306],
    [0.5, 0],
  ] as const) {
    assert.ok(Math.abs(normalQuantile(probability) - value) < 1e-8);
  }
});

test("normal: quantiles are stdlib's, and their chance is what was asked for", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => {
      assert.ok(Math.abs(normalQuantile(p) - oracle(p, 0, 1)) <= 5e-9 * Math.max(1, Math.abs(oracle(p, 0, 1))));
      assert.ok(Math.abs(chance(normalQuantile(p), 0, 1) - p) < 1e-8);
    }),
  );
});

test('normal: it mirrors around one half, has no end at 0 and 1 and no value beyond', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 0.5, noNaN: true }), (p) => {
      assert.ok(Math.abs(normalQuantile(p) + normalQuantile(1 - p)) < 1e-6);
    }),
  );
  assert.deepEqual([0, 1, -0.1, 1.1].map(normalQuantile), [-Infinity, Infinity, NaN, NaN]);
});
