import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Outlived } from '../../../src/detect/outlived.ts';
import type { Thing } from '../lifetime/ledgered.ts';
import { judged } from './judged.ts';

/** One request a sweep leaves one thing open, until it is charged, and for some sweeps after that. */
function accused(goOn = 0) {
  const bench = judged((ledger) => new Outlived(ledger));
  const things: Thing[] = [];
  const leak = (sweeps: number, each: (thing: Thing) => void = () => {}): void => {
    for (let i = 0; i < sweeps; i++) {
      const thing = bench.requested(12);
      each(thing);
      things.push(thing);
      bench.sweep();
    }
  };
  leak(100 + goOn);
  const [charge] = bench.charges();
  assert.ok(charge !== undefined, 'it leaks');
  return { ...bench, things, leak, charge, charges: bench.charges };
}

describe('an accusation that is over', () => {
  it('was right where all is released at one time, after it stood for long', () => {
    const bench = accused(100);
    for (const thing of bench.things) thing.end = 'released';
    bench.sweep();
    assert.deepEqual(bench.charges(), []);
    assert.equal(bench.charge.whenGone(), 'resolved');
  });

  it('was wrong where all ends soon after it was made', () => {
    const bench = accused();
    for (const thing of bench.things) thing.end = 'released';
    bench.sweep();
    assert.equal(bench.charge.whenGone(), 'retracted');
  });

  it('was wrong where they end one by one, as they were born: they live longer than was thought', () => {
    const bench = accused(100);
    for (let i = 0; bench.charges().length > 0 && i < 150; i++) {
      bench.leak(1);
      const oldest = bench.things[i];
      if (oldest !== undefined) oldest.end = 'released';
    }
    assert.deepEqual(bench.charges(), []);
    assert.equal(bench.charge.whenGone(), 'retracted');
  });

  it('is level where no more stay though the work goes on: what it counts stands still, so it is no error', () => {
    const bench = accused();
    for (let i = 0; bench.charges().length > 0 && i < 600; i++) bench.leak(1, (thing) => (thing.end = 'released'));
    assert.deepEqual(bench.charges(), []);
    assert.ok(bench.things.filter(({ end }) => end === undefined).length >= 100, 'they are open still');
    assert.equal(bench.charge.whenGone(), 'level');
  });

  it('was right where, once it was level, all is released before that is told', () => {
    const bench = accused(100);
    for (let i = 0; bench.charges().length > 0 && i < 900; i++) bench.leak(1, (thing) => (thing.end = 'released'));
    for (const thing of bench.things) thing.end = 'released';
    bench.sweep();
    assert.equal(bench.charge.whenGone(), 'resolved');
  });

  it('is over, but neither right nor wrong, where the ends of its things are not seen any more', () => {
    const bench = accused(100);
    bench.ledger.unwatch(bench.type.probe);
    bench.sweep();
    assert.deepEqual([bench.charges().length, bench.charge.whenGone()], [0, 'unwatched']);
  });

  it('is not over because no work comes at night', () => {
    const bench = accused();
    bench.sweep(600);
    assert.equal(bench.charges().length, 1);
  });
});
