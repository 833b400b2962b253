import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  logThresholdOf,
  noEvidence,
  step,
  stepCohort,
  type SurvivalEvidence,
  survivalHypotheses,
} from '../../../../src/detect/statistics/survival-e-process.ts';
import { uniforms } from './random.ts';

const million = Math.log(1e6);
const after = (looks: readonly boolean[]): SurvivalEvidence =>
  looks.reduce((evidence, closed) => step(evidence, closed), noEvidence);
const looksUntil = (of: 'logCusum' | 'logShiryaevRoberts' | 'logProduct', threshold: number): number => {
  let [evidence, looks] = [noEvidence, 0];
  for (; evidence[of] < threshold; looks++) evidence = step(evidence, false);
  return looks;
};

test('survival: items that all stay raise a million to one after 42 of them, the summed evidence after 38', () => {
  assert.equal(looksUntil('logProduct', million), 42);
  assert.equal(looksUntil('logCusum', million), 42);
  assert.equal(looksUntil('logShiryaevRoberts', million), 38);
});

test('survival: a late release takes evidence back', () => {
  const before = after(Array.from({ length: 60 }, () => false));
  const taken = stepCohort(before, { closed: 60, stayed: 0 });
  assert.ok(before.logShiryaevRoberts > million);
  assert.equal(taken.logCusum, 0);
  assert.ok(taken.logShiryaevRoberts < 0);
  assert.equal(taken.looks, 120);
  assert.equal(taken.stayed, 60);
});

test('survival: a cohort counts as one, so that those that stay do not count before those that close', () => {
  const cohort = stepCohort(noEvidence, { closed: 30, stayed: 70 });
  assert.ok(cohort.logCusum < 1 && cohort.logShiryaevRoberts < 1);
  assert.equal(stepCohort(cohort, { closed: 0, stayed: 0 }), cohort);
});

test('survival: one look multiplies the evidence by 1 in the mean at a site that closes just enough, by less at others', () => {
  fc.assert(
    fc.property(fc.double({ min: survivalHypotheses.healthyShare, max: 1, noNaN: true }), (share) => {
      const mean =
        share * Math.exp(step(noEvidence, true).logProduct) +
        (1 - share) * Math.exp(step(noEvidence, false).logProduct);
      assert.ok(mean <= 1 + 1e-12, String(mean));
    }),
  );
});

test('survival: the sum is never below the CUSUM once there is evidence, and the product never above it', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 300 }), (looks) => {
      const { logProduct, logCusum, logShiryaevRoberts } = after(looks);
      assert.ok(logProduct <= logCusum + 1e-9);
      assert.ok(logCusum === 0 || logCusum <= logShiryaevRoberts + 1e-9);
      assert.ok(Number.isFinite(logShiryaevRoberts));
    }),
  );
});

test('survival: the evidence stays a number after a hundred thousand that stay', () => {
  const { logShiryaevRoberts } = stepCohort(noEvidence, { closed: 0, stayed: 100_000 });
  assert.ok(Number.isFinite(step({ ...noEvidence, logShiryaevRoberts }, false).logShiryaevRoberts));
});

test('survival: healthy sites on the edge raise no more alarms than the budget', () => {
  const looks = 400_000;
  const alarms = 40;
  const threshold = logThresholdOf({ alarmsPerMonth: alarms, looksPerMonth: looks });
  const random = uniforms(7);
  for (const sum of ['logCusum', 'logShiryaevRoberts'] as const) {
    let [evidence, raised] = [noEvidence, 0];
    for (let i = 0; i < looks; i++) {
      evidence = step(evidence, random() < survivalHypotheses.healthyShare);
      if (evidence[sum] >= threshold) [evidence, raised] = [noEvidence, raised + 1];
    }
    assert.ok(raised <= alarms + 2 * Math.sqrt(alarms), `${sum}: ${raised}`);
  }
});

test('survival: a threshold is never below no evidence at all', () => {
  assert.equal(logThresholdOf({ alarmsPerMonth: 10, looksPerMonth: 1 }), 0);
  assert.equal(logThresholdOf({ alarmsPerMonth: 1, looksPerMonth: 1e6 }), million);
});

test('survival: a site that starts to leak late is caught as soon by CUSUM and sum, not by the product', () => {
  const healthy = stepCohort(noEvidence, { closed: 5000, stayed: 50 });
  const leaking = Array.from({ length: 50 }).reduce<SurvivalEvidence>((evidence) => step(evidence, false), healthy);
  assert.ok(leaking.logCusum > million && leaking.logShiryaevRoberts > million);
  assert.ok(leaking.logProduct < 0);
});
