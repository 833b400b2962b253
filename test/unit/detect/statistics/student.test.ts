import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import oracle from '@stdlib/stats-base-dists-t-quantile';
import { studentProbability, studentQuantile } from '../../../../src/detect/statistics/student.ts';

const probability = fc.double({ min: 0.0005, max: 0.9995, noNaN: true });
const degrees = fc.integer({ min: 1, max: 400 });

test("student: quantiles are stdlib's", () => {
  fc.assert(
    fc.property(probability, degrees, (p, v) => {
      const expected = oracle(p, v);
      assert.ok(Math.abs(studentQuantile(p, v) - expected) <= 1e-7 * Math.max(1e-2, Math.abs(expected)));
    }),
  );
});

test('student: the chance of a quantile is what was asked for', () => {
  fc.assert(
    fc.property(probability, degrees, (p, v) => {
      assert.ok(Math.abs(studentProbability(studentQuantile(p, v), v) - p) < 1e-9);
    }),
  );
});

test('student: the quantiles of the tables', () => {
  for (const [v, value] of [
    [1, 12.7062],
    [5, 2.57058],
    [30, 2.04227],
    [1e6, 1.95997],
  ] as const) {
    assert.ok(Math.abs(studentQuantile(0.975, v) - value) < 1e-4);
  }
});

test('student: no degrees of freedom are no number, no chance and certainty are without end', () => {
  assert.equal(studentQuantile(0.9, 0), NaN);
  assert.deepEqual(
    [0, 0.5, 1].map((p) => studentQuantile(p, 3)),
    [-Infinity, 0, Infinity],
  );
});
