import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CaptureBudget } from '../../../src/observe/capture-budget.ts';

const takenAt = (budget: CaptureBudget, nowMs: number): number => {
  let taken = 0;
  while (budget.take(nowMs)) taken++;
  return taken;
};

suite('capture budget', () => {
  test('gives so many a second, and saves up no more than one second', () => {
    const budget = new CaptureBudget(20);
    assert.equal(takenAt(budget, 1000), 20);
    assert.equal(takenAt(budget, 1000), 0);
    assert.equal(takenAt(budget, 1250), 5);
    assert.equal(takenAt(budget, 60_000), 20);
  });
});
