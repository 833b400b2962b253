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

  test('of a share of it only that much is given', () => {
    const budget = new CaptureBudget(100);
    let taken = 0;
    for (let ms = 1000; ms <= 11_000; ms += 10) if (budget.take(ms, 1 / 4)) taken++;
    assert.ok(taken >= 250 && taken <= 280, `${taken}`);
  });
});
