import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillsUp } from '../../../src/detect/look-alikes.ts';
import { defaultOutlivedRule } from '../../../src/detect/survival-rule.ts';
import type { Trend } from '../../../src/lifetime/history.ts';
import { ledgered } from '../lifetime/ledgered.ts';

/** Nothing ends of what is opened, as a rule in every other run. */
function allStay(births: number, shape: number, perRun = 0.56): boolean {
  const origin = ledgered().origin(12);
  origin.opened = births + 2;
  origin.matured = origin.standing = births + 1;
  const trend: Trend = { ratio: 0.98, events: births, perRun, error: 0.15, shape };
  return fillsUp(origin, trend, defaultOutlivedRule);
}

describe('look-alikes: what fills up', () => {
  it('is not what grows as its runs do', () => {
    assert.equal(allStay(83, 1), false);
    assert.equal(allStay(150, 1), false);
    assert.equal(allStay(83, 0.93, 0.9), false);
  });

  it('is not, of many births, what grows nearly so', () => {
    assert.equal(allStay(300, 0.93), false);
    assert.equal(allStay(300, 0.9), true);
  });
});
