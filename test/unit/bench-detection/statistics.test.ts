import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { poissonRate, quantile, wilson } from '../../../bench/detection/statistics.ts';

const isNear = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-3, `${actual} is not ${expected}`);

describe('intervals of the simulator', () => {
  test('no event in three years: at most 3.689 / 3 a year by the exact interval', () => {
    const { value, low, high } = poissonRate(0, 3);
    assert.deepEqual([value, low], [0, 0]);
    isNear(high * 3, 3.6889);
  });

  test('ten events: 4.795 to 18.390, as in the tables of the Poisson interval', () => {
    const { low, high } = poissonRate(10, 1);
    isNear(low, 4.7954);
    isNear(high, 18.3904);
  });

  test("Wilson's interval of 8 in 10", () => {
    const { low, high } = wilson(8, 10);
    isNear(low, 0.4902);
    isNear(high, 0.9433);
  });

  test('what was never found is the latest of all', () => {
    assert.equal(quantile([3, Infinity, 1, 2], 0.5), 3);
    assert.equal(quantile([3, Infinity, 1, 2], 0.95), Infinity);
  });
});
