import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { learntAge } from '../../../src/detect/learnt-age.ts';
import { defaultOutlivedRule } from '../../../src/detect/survival-rule.ts';
import { ageBounds, LifeTable } from '../../../src/lifetime/life-table.ts';

/** Lives in sweeps, as seen when each thing would be `seenAt` sweeps old. */
function tableOf(lives: readonly number[], seenAt: number): LifeTable {
  const table = new LifeTable();
  for (const life of lives) {
    const age = Math.min(life, seenAt);
    let row = 0;
    for (; age >= (ageBounds[row] ?? Infinity); row++) table.enter(row);
    if (life <= seenAt) table.end(row - 1);
  }
  return table;
}
const exponential = (mean: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => -mean * Math.log((i + 0.5) / count));
const learnt = (lives: readonly number[], seenAt: number): number =>
  learntAge(tableOf(lives, seenAt), defaultOutlivedRule);

describe('learnt age', () => {
  it('is not known of a handful, nor where nothing ends', () => {
    assert.equal(learnt([3, 4, 5, 6], 100), 0);
    assert.equal(learnt(Array(100).fill(Infinity), 100), 0);
  });

  it('is half as much again as the 99.5 % quantile of those that end', () => {
    const age = learnt(exponential(10, 2_000), 10_000);
    assert.ok(age >= 1.5 * 53 && age <= 1.5 * 53 * 1.3, `${age}`);
  });

  it('is where the leaked ones are left, once these have been followed', () => {
    const lives = [...exponential(6, 4_950), ...Array<number>(50).fill(Infinity)];
    const age = learnt(lives, 80);
    // from there on at most one in ten of the older ones still ends
    assert.ok(age >= 6 * Math.log(99 / (1 / 9)) && age <= 54, `${age}`);
  });

  it('grows along with lives that are longer than the process is old', () => {
    assert.ok(learnt(exponential(90, 500), 40) > 60);
    assert.ok(learnt(exponential(90, 500), 100) > 150);
  });

  it('stays what it is however often the table has been halved', () => {
    // some that lived for long, which are forgotten: of them a rest stays that is hardly a number
    const table = tableOf([70, 80, 90], 100);
    for (let i = 0; i < 400_000; i++) {
      const life = 1 - 5 * Math.log(1 - 0.999 * ((i * 0.6180339887) % 1));
      let row = 0;
      for (; life >= (ageBounds[row] ?? Infinity); row++) table.enter(row);
      table.end(row - 1);
      if (i % 1000 === 999) {
        const age = learntAge(table, defaultOutlivedRule);
        assert.ok(age >= 35 && age <= 55, `${age} after ${i + 1}`);
      }
    }
  });

  it('is not moved by a few leaked ones that are closed late', () => {
    const lives = [...exponential(2, 100), 300, 310, ...Array<number>(100).fill(Infinity)];
    assert.ok(learnt(lives, 600) < 30);
  });
});
