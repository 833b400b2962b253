import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  kaplanMeier,
  lifetimeQuantile,
  type LifetimesAt,
  shareBeyond,
  survivalCurve,
} from '../../../../src/detect/statistics/kaplan-meier.ts';
import { uniforms } from './random.ts';

const ended = (age: number, count = 1): LifetimesAt => ({ age, ended: count, censored: 0 });
const censored = (age: number, count = 1): LifetimesAt => ({ age, ended: 0, censored: count });
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs((actual ?? NaN) - expected) < 5e-4, `${actual} is not ${expected}`);

test('kaplan-meier: the remission times of Freireich 1963, as R prints them', () => {
  const steps = kaplanMeier([
    ...[6, 6, 6, 7, 10, 13, 16, 22, 23].map((at) => ended(at)),
    ...[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map((at) => censored(at)),
  ]);
  assert.deepEqual(
    steps.map(({ age, atRisk }) => [age, atRisk]),
    [
      [6, 21],
      [7, 17],
      [10, 15],
      [13, 12],
      [16, 11],
      [22, 7],
      [23, 6],
    ],
  );
  const expected = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482];
  for (const [i, share] of expected.entries()) near(steps[i]?.share, share);
  near(steps[0]?.low, 0.6197);
  near(steps[0]?.high, 0.9516);
  near(steps[6]?.low, 0.188);
  near(steps[6]?.high, 0.6801);
  assert.deepEqual(lifetimeQuantile(steps, 0.5), { age: 23, low: 13, high: Infinity });
});

test('kaplan-meier: without censoring it is the share that is left', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 80 }), (ages) => {
      for (const step of kaplanMeier(ages.map((age) => ended(age)))) {
        assert.ok(Math.abs(step.share - ages.filter((age) => age > step.age).length / ages.length) < 1e-9);
      }
    }),
  );
});

test('kaplan-meier: shares fall and stay within their interval, whatever is censored', () => {
  const some = fc.record({
    age: fc.integer({ min: 0, max: 1000 }),
    ended: fc.integer({ min: 0, max: 9 }),
    censored: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 60 }), (lifetimes) => {
      let before = 1;
      for (const { share, low, high } of kaplanMeier(lifetimes)) {
        assert.ok(low >= 0 && low <= share && share <= high && high <= 1 && share < before);
        before = share;
      }
    }),
  );
});

test('kaplan-meier: counts of a histogram give what the single ones give', () => {
  const single = [1, 1, 1, 2, 2, 4, 8, 8].map((age) => ended(age)).concat([2, 4, 4].map((age) => censored(age)));
  const counts = [
    { age: 1, ended: 3, censored: 0 },
    { age: 2, ended: 2, censored: 1 },
    { age: 4, ended: 1, censored: 2 },
    { age: 8, ended: 2, censored: 0 },
  ];
  assert.deepEqual(kaplanMeier(single), kaplanMeier(counts));
  assert.deepEqual(
    survivalCurve(counts),
    kaplanMeier(counts).map(({ age, share }) => ({ age, share })),
  );
});

test('kaplan-meier: what is left of counts that were halved often is a share as well', () => {
  const counts = [ended(1, 0.1), ended(2, 0.7), censored(3, 0.2), ended(4, 2 ** -60), censored(5, 2 ** -61)];
  near(survivalCurve(counts).at(-1)?.share, 0.2 / 3);
});

test('kaplan-meier: those that are still open make a quantile later, or unknown', () => {
  const healthy = kaplanMeier([ended(10, 990), ended(20, 10)]);
  assert.equal(lifetimeQuantile(healthy, 0.995)?.age, 20);
  assert.equal(lifetimeQuantile(kaplanMeier([ended(10, 990), censored(30, 10)]), 0.995), undefined);
  assert.equal(lifetimeQuantile(kaplanMeier([ended(10, 990), censored(5, 500), ended(20, 10)]), 0.995)?.age, 20);
  assert.equal(lifetimeQuantile(kaplanMeier([]), 0.5), undefined);
});

test('kaplan-meier: the share beyond an age is that of the last step before it', () => {
  const steps = kaplanMeier([ended(10, 3), ended(20, 1)]);
  assert.deepEqual(
    [9, 10, 19, 20, 99].map((age) => shareBeyond(steps, age)),
    [1, 0.25, 0.25, 0, 0],
  );
});

test('kaplan-meier: the interval of the median holds it in about 95 of 100 samples, a third of them censored', () => {
  const random = uniforms(11);
  const exponential = (mean: number): number => -mean * Math.log(random());
  let held = 0;
  for (let run = 0; run < 600; run++) {
    const lifetimes = Array.from({ length: 80 }, () => {
      const [life, lost] = [exponential(1), exponential(2)];
      return life <= lost ? ended(life) : censored(lost);
    });
    const median = lifetimeQuantile(kaplanMeier(lifetimes), 0.5);
    if (median !== undefined && median.low <= Math.LN2 && Math.LN2 <= median.high) held++;
  }
  assert.ok(held >= 0.92 * 600 && held <= 0.98 * 600, `${held} of 600`);
});
