import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  defaultOutlivedRule,
  firstVerdictSweeps,
  priorTestAge,
  scaledRule,
} from '../../../src/detect/survival-rule.ts';

describe('scaled rule', () => {
  it('is the rule itself times 1', () => assert.deepEqual(scaledRule(defaultOutlivedRule, 1), defaultOutlivedRule));

  it('halves and doubles counts as whole numbers and shares as shares', () => {
    const [half, twice] = [scaledRule(defaultOutlivedRule, 0.5), scaledRule(defaultOutlivedRule, 2)];
    assert.deepEqual([half.testAge, twice.testAge, half.minCohorts, twice.minCohorts], [8, 32, 3, 12]);
    assert.deepEqual([half.maxLateEndShare, twice.maxLateEndShare], [0.05, 0.2]);
    assert.ok(Object.values(twice).every((value) => value > 0 && Number.isFinite(value)));
  });

  it('keeps a share below 1', () => assert.equal(scaledRule(defaultOutlivedRule, 4).healthyShare, 0.9));
});

describe('before anything is known', () => {
  it('timers and sockets are given more time', () => {
    assert.ok(priorTestAge('timer', defaultOutlivedRule) > priorTestAge('stream', defaultOutlivedRule));
  });

  it('the first verdict takes as long as the slowest of its conditions', () => {
    assert.equal(firstVerdictSweeps(), 67);
    assert.equal(firstVerdictSweeps({ ...defaultOutlivedRule, minCohorts: 10 }), 99);
  });
});
