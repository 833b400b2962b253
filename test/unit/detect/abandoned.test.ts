import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Abandoned } from '../../../src/detect/abandoned.ts';
import { collectGarbage } from '../observe/observed.ts';
import { judged } from './judged.ts';

const abandoned = () => judged((ledger) => new Abandoned(ledger));
type Bench = ReturnType<typeof abandoned>;

/** Requests whose things are open when they are looked at, and then collected. */
async function lose({ requested, sweep }: Bench, count: number, native = true, line = 12): Promise<void> {
  (() => {
    for (let i = 0; i < count; i++) requested(line).native = native;
  })();
  sweep();
  await collectGarbage();
  sweep();
}

describe('abandoned: a leak', () => {
  it('is proof: three collected with something native behind them', async () => {
    const bench = abandoned();
    await lose(bench, 3);
    const [suspicion] = bench.suspicions();
    assert.deepEqual(
      [suspicion?.detector, suspicion?.certainty, suspicion?.count, suspicion?.site?.frame.line],
      ['abandoned', 'certain', 3, 12],
    );
  });

  it('is told with a rate over the time since the first one', async () => {
    const bench = abandoned();
    await lose(bench, 1);
    bench.sweep(359);
    await lose(bench, 5);
    const { value = 0, low = 9, high = 0 } = bench.suspicions()[0]?.rate ?? {};
    assert.ok(value > 4.5 && value < 5.5, `5 in the hour after the first are ${value} an hour`);
    assert.ok(low < 1 && high > 9, `${low} to ${high}`);
  });

  it('goes on when more come, and closes as resolved when none has for 300 sweeps', async () => {
    const bench = abandoned();
    await lose(bench, 3);
    bench.sweep(250);
    await lose(bench, 1);
    bench.sweep(250);
    const [charge] = bench.charges();
    assert.equal(charge?.suspicion.count, 4);
    bench.sweep(60);
    assert.deepEqual(bench.charges(), []);
    assert.equal(charge.whenGone(), 'resolved');
  });
});

describe('abandoned: a look-alike that stays silent', () => {
  it('is everything without something native: collected, and only counted', async () => {
    const bench = abandoned();
    await lose(bench, 200, false);
    assert.deepEqual(bench.charges(), []);
    assert.equal(bench.tally.abandoned, 200);
  });

  it('is one or two of them', async () => {
    const bench = abandoned();
    await lose(bench, 2);
    assert.deepEqual(bench.charges(), []);
  });

  it('is two here and two there', async () => {
    const bench = abandoned();
    await lose(bench, 2, true, 12);
    await lose(bench, 2, true, 13);
    assert.deepEqual(bench.charges(), []);
  });

  it('is what ended before it was collected', async () => {
    const bench = abandoned();
    (() => {
      for (let i = 0; i < 10; i++) Object.assign(bench.requested(12), { native: true, end: 'released' });
    })();
    bench.sweep();
    await collectGarbage();
    bench.sweep();
    assert.deepEqual(bench.charges(), []);
  });

  it('is what had let go of its native part when it was last looked at', async () => {
    const bench = abandoned();
    (() => {
      const things = Array.from({ length: 10 }, () => Object.assign(bench.requested(12), { native: true }));
      bench.sweep();
      for (const thing of things) thing.native = false;
      bench.sweep();
    })();
    await collectGarbage();
    bench.sweep();
    assert.deepEqual(bench.charges(), []);
  });
});
