import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { areEven as areEvenBy } from '../../../src/detect/heap-even-gains.ts';

const areEven = (gains: readonly number[], minErrors = 2.5): boolean => areEvenBy(gains, minErrors);

describe('what was gained in windows of the same length', () => {
  it('goes on where it is the same in each, give or take, in steps, or ever more', () => {
    assert.ok(areEven([5, 5]));
    assert.ok(areEven([10, 9, 11, 10]));
    assert.ok(areEven([4, 4, 3, 4, 4]));
    assert.ok(areEven([5, 6, 7, 8.5, 10]));
  });

  it('does not where a cache meets ever fewer new keys', () => {
    assert.ok(!areEven([29.5, 24.7, 20.4]));
    assert.ok(!areEven([5.9, 3.9]));
    assert.ok(!areEven([17.4, 15.6, 15.6, 12.8]));
  });

  it('does not where a level drifts, which is much in one window and little in another', () => {
    assert.ok(!areEven([0.07, -0.52, 0.95, 0.07, 2.82, 2.1]));
    assert.ok(!areEven([2.16, 2.39, 2.26, 6.16], 5));
    assert.ok(areEven([10, 9, 11, 10], 5));
  });

  it('is not told of one window, nor of none', () => {
    assert.ok(!areEven([5]));
    assert.ok(!areEven([]));
  });
});
