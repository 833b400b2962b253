import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { timeToLimit } from '../../../../src/detect/statistics/time-to-limit.ts';

test('time to a limit: what is left over the rate, sooner and later by its interval', () => {
  assert.deepEqual(timeToLimit(100, 400, { value: 30, low: 20, high: 50 }), { value: 10, low: 6, high: 15 });
});

test('time to a limit: without end where it may not grow, now where it is there', () => {
  assert.deepEqual(timeToLimit(1, 2, { value: 1, low: -1, high: 2 }), { value: 1, low: 0.5, high: Infinity });
  assert.deepEqual(timeToLimit(1, 2, { value: 0, low: 0, high: 0 }), {
    value: Infinity,
    low: Infinity,
    high: Infinity,
  });
  assert.deepEqual(timeToLimit(3, 2, { value: 1, low: -1, high: 2 }), { value: 0, low: 0, high: 0 });
});

test('time to a limit: it lies within its interval, and nearer limits are reached sooner', () => {
  const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(
      fc.tuple(number, number, number),
      number,
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (rates, at, up) => {
        const [low = 0, value = 0, high = 0] = rates.toSorted((a, b) => a - b);
        const time = timeToLimit(at, at + up, { low, value, high });
        assert.ok(time.low <= time.value && time.value <= time.high && time.low >= 0);
        assert.ok(timeToLimit(at, at + up / 2, { low, value, high }).value <= time.value);
      },
    ),
  );
});
