import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listenerRule } from '../../../src/detect/growing-listeners.ts';
import { scaled } from '../../../src/detect/scaled.ts';
import { stayingRule } from '../../../src/detect/staying-work.ts';

describe('the constants of a rule, scaled', () => {
  const rule = { sweeps: 5, share: 0.6, factor: 1.5 };
  const uncounted = { shares: ['share'], factors: ['factor'] } as const;

  it('are themselves times 1', () => assert.deepEqual(scaled(rule, 1, uncounted), rule));

  it('are whole numbers where they count, and shares below 1', () => {
    assert.deepEqual(scaled(rule, 2, uncounted), { sweeps: 10, share: 0.9, factor: 3 });
    assert.deepEqual(scaled(rule, 0.5, uncounted), { sweeps: 3, share: 0.3, factor: 1 });
  });

  it('of piles of listeners and of work that stays leave a leak to be told of', () => {
    assert.deepEqual(
      [0.5, 1, 2].map((factor) => listenerRule(factor).minListeners),
      [64, 128, 256],
    );
    for (const factor of [0.5, 1, 2]) {
      const { minCohorts, lookedAt, enoughVotes, fewVotes } = stayingRule(factor);
      assert.ok(minCohorts <= lookedAt && fewVotes <= enoughVotes);
    }
  });
});
