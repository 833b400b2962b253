import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AlarmBudget, sweepsPerMonth } from '../../../src/detect/alarm-budget.ts';

const sumOver = (budget: AlarmBudget, sweeps: number, looksASweep: number): number => {
  let sum = 0;
  for (let sweep = 1; sweep <= sweeps; sweep++) for (let i = 0; i < looksASweep; i++) sum += budget.takeStake(sweep);
  return sum;
};

describe('alarm budget', () => {
  it('never stakes more than a month has, and what is there at the start', () => {
    for (const looksASweep of [1, 30]) {
      const staked = sumOver(new AlarmBudget(0.05), sweepsPerMonth / 10, looksASweep);
      assert.ok(staked > 0.05 * 0.34 && staked <= 0.05 * 0.35 + 1e-9, `${staked}`);
    }
  });

  it('gives less for each look where there are many', () => {
    const [few, many] = [new AlarmBudget(0.05), new AlarmBudget(0.05)];
    sumOver(few, 10, 1);
    sumOver(many, 10, 100);
    assert.ok(few.takeStake(11) > 50 * many.takeStake(11));
  });

  it('gives less to a look that sees less than one doubling', () => {
    const [half, whole, many] = [0.5, 1, 30].map((seen) => new AlarmBudget(1).takeStake(1, seen));
    assert.equal(half, (whole ?? 0) / 2);
    assert.equal(many, whole);
  });

  it('saves what nobody looks at', () => {
    const budget = new AlarmBudget(1);
    const first = budget.takeStake(1);
    assert.ok(budget.takeStake(sweepsPerMonth) > 3 * first);
  });
});
