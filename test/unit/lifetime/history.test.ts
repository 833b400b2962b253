import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { History } from '../../../src/lifetime/history.ts';

/** One event at each of `sweeps`, one run of the work a sweep. */
function eventsAt(sweeps: readonly number[], runsOf = (sweep: number): number => sweep): History {
  const history = new History();
  for (const sweep of sweeps) history.add(sweep, runsOf(sweep));
  return history;
}
const upTo = (last: number, step = 1): number[] =>
  Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);

describe('history: births over the whole life of an origin', () => {
  it('cannot tell a trend from fewer than 4 windows', () => {
    assert.ok(Number.isNaN(new History().lateOverEarly(100)));
    assert.ok(Number.isNaN(eventsAt(upTo(20)).lateOverEarly(20)));
  });

  for (const last of [40, 127, 500, 10_000]) {
    it(`says about 1 of a steady leak after ${last} sweeps`, () => {
      const trend = eventsAt(upTo(last)).lateOverEarly(last);
      assert.ok(trend > 0.75 && trend < 1.25, `${trend}`);
    });
  }

  it('says 0 of a pool that has filled up, though time goes on', () => {
    const history = eventsAt(upTo(40));
    for (let sweep = 41; sweep < 400; sweep++) history.tick(sweep, sweep);
    assert.equal(history.lateOverEarly(400), 0);
  });

  it('does not take less load for a leak that ends', () => {
    const busyUntil = 64;
    const runsOf = (sweep: number): number => (sweep <= busyUntil ? sweep * 10 : busyUntil * 10 + (sweep - busyUntil));
    const sweeps = upTo(127).filter((sweep) => sweep <= busyUntil || sweep % 10 === 0);
    const trend = eventsAt(sweeps, runsOf).lateOverEarly(127);
    assert.ok(trend > 0.7 && trend < 1.5, `${trend}`);
  });

  it('goes by events alone where the work never ran', () => {
    assert.equal(eventsAt(upTo(63), () => 0).lateOverEarly(63), 1);
  });

  it('counts the windows of 8 sweeps that saw a birth, and a burst once', () => {
    assert.equal(eventsAt([1, 1, 2, 3, 7]).cohorts, 1);
    assert.equal(eventsAt([1, 9, 17, 17, 90]).cohorts, 4);
  });

  it('does nothing as long as nothing has happened', () => {
    const history = new History();
    history.tick(5, 5);
    assert.equal(history.cohorts, 0);
    assert.ok(Number.isNaN(history.lateOverEarly(500)));
  });

  it('stays a number or NaN whatever comes, over any length of time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 200 }), fc.nat(100), (steps, load) => {
        const history = new History();
        let sweep = 0;
        for (const step of steps) history.add((sweep += step % 50), sweep * load);
        const trend = history.lateOverEarly(sweep);
        return Number.isNaN(trend) || trend >= 0;
      }),
    );
  });
});
