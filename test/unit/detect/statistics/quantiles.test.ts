import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantileOf, quantileOfCounts } from '../../../../src/detect/statistics/quantiles.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 });

test('quantiles: in between neighbours, of unsorted values', () => {
  assert.equal(quantileOf([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantileOf([10, 0], 0.9), 9);
});

test('quantiles: of nothing there are none, nor beyond 0 and 1', () => {
  assert.equal(quantileOf([], 0.5), undefined);
  assert.equal(quantileOf([1], 1.1), undefined);
  assert.equal(quantileOfCounts([], 0.5), undefined);
  assert.equal(quantileOfCounts([{ value: 3, count: 0 }], 0.5), undefined);
  assert.equal(quantileOfCounts([{ value: 3, count: 1 }], NaN), undefined);
});

test('quantiles: between the smallest and the largest, and rising', () => {
  fc.assert(
    fc.property(values, share, share, (all, a, b) => {
      const [low, high] = [quantileOf(all, Math.min(a, b)) ?? NaN, quantileOf(all, Math.max(a, b)) ?? NaN];
      assert.ok(low >= Math.min(...all) && low <= high + 1e-9 && high <= Math.max(...all));
    }),
  );
});

test('quantiles: of counts, at least the share lies at or below and no smaller value will do', () => {
  const counted = fc.array(fc.record({ value: fc.nat(100), count: fc.nat(9) }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(counted, fc.constantFrom(0.25, 0.5, 0.75), (all, part) => {
      const found = quantileOfCounts(all, part);
      const total = all.reduce((sum, { count }) => sum + count, 0);
      if (found === undefined) return assert.equal(total, 0);
      const upTo = (limit: (value: number) => boolean): number =>
        all.filter(({ value }) => limit(value)).reduce((sum, { count }) => sum + count, 0);
      assert.ok(upTo((value) => value <= found) >= part * total);
      assert.ok(upTo((value) => value < found) < part * total);
    }),
  );
});
