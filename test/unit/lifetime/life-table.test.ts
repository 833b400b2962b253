import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ageBounds, LifeTable } from '../../../src/lifetime/life-table.ts';

/** Things that end at these ages, and some that got as old and are open. */
function tableOf(endedAt: readonly number[], openAt: readonly number[] = []): LifeTable {
  const table = new LifeTable();
  const live = (age: number): number => {
    let row = 0;
    for (; age >= (ageBounds[row] ?? Infinity); row++) table.enter(row);
    return row - 1;
  };
  for (const age of endedAt) table.end(live(age));
  for (const age of openAt) live(age);
  return table;
}

describe('life table', () => {
  it('has four rows to an octave, as far as there are whole numbers, for 15 days of sweeps at 10 s', () => {
    assert.deepEqual(ageBounds.slice(0, 12), [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16]);
    assert.ok((ageBounds.at(-1) ?? 0) > 100_000);
  });

  it('says of each age how many ended before the next, and how many are as old and open', () => {
    const rows = tableOf([1, 1, 9, 16], [10, 40]).rows();
    const at = (age: number) => rows.find((row) => row.age === age);
    assert.deepEqual(at(2), { age: 2, ended: 2, censored: 0 });
    assert.deepEqual(at(10), { age: 10, ended: 1, censored: 0 });
    assert.deepEqual(at(11), { age: 11, ended: 0, censored: 1 });
    assert.equal(
      rows.reduce((sum, { ended, censored }) => sum + ended + censored, 0),
      6,
    );
  });

  it('is empty, and costs nothing, until something outlives its scope', () => {
    const table = new LifeTable();
    table.end(3);
    assert.deepEqual([table.rows(), table.ends], [[], 0]);
  });

  it('forgets by halves, so that what is recent counts for more and nothing overflows', () => {
    const table = new LifeTable();
    for (let i = 0; i < 50_000; i++) {
      table.enter(0);
      table.end(0);
    }
    const [row] = table.rows();
    assert.ok((row?.ended ?? 0) < 8_001 && table.ends < 8_001);
    assert.ok((row?.ended ?? 0) > 3_900);
  });
});
