import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { History } from '../../../src/lifetime/history.ts';

/** One event at each of `sweeps`, some runs of the work a sweep, up to the last of them or longer. */
function eventsAt(
  sweeps: readonly number[],
  runsOf = (sweep: number): number => 10 * sweep,
  until = sweeps.at(-1) ?? 0,
): History {
  const history = new History();
  history.begin(0, runsOf(0));
  for (let sweep = 0, next = 0; sweep <= until; sweep++) {
    history.tick(sweep, runsOf(sweep));
    for (; sweeps[next] === sweep; next++) history.add(sweep);
  }
  return history;
}
const upTo = (last: number, step = 1): number[] =>
  Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);

describe('history: births over the whole life of an origin', () => {
  it('cannot tell a trend from fewer than 4 windows', () => {
    assert.equal(new History().trend(100), undefined);
    assert.equal(eventsAt(upTo(20)).trend(20), undefined);
  });

  for (const last of [40, 127, 500, 10_000]) {
    it(`says about 1 of a steady leak after ${last} sweeps`, () => {
      const { ratio = 0, error = 9 } = eventsAt(upTo(last)).trend(last) ?? {};
      assert.ok(ratio > 0.75 && ratio < 1.25, `${ratio}`);
      assert.ok(Math.abs(error - Math.sqrt(4 / last)) < 0.12, `${error}`);
    });
  }

  for (const [exponent, last] of [
    [1, 127],
    [0.5, 127],
    [0.6, 900],
    [1, 900],
  ] as const) {
    it(`says that births go as the runs to the power of ${exponent}, over ${last} sweeps`, () => {
      const events = 100;
      const sweeps = Array.from({ length: events }, (_, i) =>
        Math.floor(last * ((i + 0.5) / events) ** (1 / exponent)),
      );
      const { shape = 0 } = eventsAt(sweeps, undefined, last + 1).trend(last + 1) ?? {};
      assert.ok(Math.abs(shape - exponent) < 0.16 * exponent, `${shape}`);
    });
  }

  it('says 0 of a pool that has filled up, though time goes on', () => {
    const history = eventsAt(upTo(40), undefined, 399);
    assert.equal(history.trend(400)?.ratio, 0);
  });

  it('does not take less load for a leak that ends', () => {
    const busyUntil = 64;
    const runsOf = (sweep: number): number => (sweep <= busyUntil ? sweep * 10 : busyUntil * 10 + (sweep - busyUntil));
    const sweeps = upTo(127).filter((sweep) => sweep <= busyUntil || sweep % 10 === 0);
    const { ratio = 0 } = eventsAt(sweeps, runsOf).trend(127) ?? {};
    assert.ok(ratio > 0.7 && ratio < 1.5, `${ratio}`);
  });

  it('says nothing while no work comes, and next to nothing where little comes', () => {
    const idle = eventsAt(upTo(64), (sweep) => 2 * Math.min(64, sweep), 200);
    assert.equal(idle.trend(200), undefined);
    const nearlyIdle = eventsAt(upTo(64), (sweep) => (sweep < 150 ? 2 * Math.min(64, sweep) : 130), 200);
    assert.ok((nearlyIdle.trend(200)?.error ?? 0) > 0.6, 'two runs without a birth, where there was one in two runs');
  });

  it('takes births that come in bursts for less certain', () => {
    const even = eventsAt(upTo(127));
    const uneven = eventsAt(
      upTo(127).flatMap((sweep) => (sweep % 32 === 0 ? Array.from({ length: 32 }, () => sweep) : [])),
      undefined,
      127,
    );
    assert.ok((uneven.trend(127)?.error ?? 0) > 2 * (even.trend(127)?.error ?? 9));
  });

  it('goes by events alone where the work never ran', () => {
    const { ratio = 0 } = eventsAt(upTo(63), () => 0).trend(63) ?? {};
    assert.ok(ratio > 0.9 && ratio < 1.2, `${ratio}`);
  });

  it('knows better where each run brings one', () => {
    const [each, some] = [1, 10].map((runs) => eventsAt(upTo(127), (sweep) => runs * sweep).trend(127));
    assert.deepEqual(
      [each, some].map((trend) => Number(trend?.perRun.toFixed(1))),
      [1, 0.1],
    );
    assert.ok((each?.error ?? 9) < 0.6 * (some?.error ?? 0));
  });

  it('books what is told late when it was', () => {
    const history = eventsAt([], undefined, 64);
    for (const sweep of upTo(64)) history.add(sweep);
    assert.ok((history.trend(64)?.ratio ?? 0) > 0.9);
  });

  it('does nothing as long as nothing has happened', () => {
    const history = new History();
    history.tick(5, 5);
    history.add(5);
    assert.equal(history.trend(500), undefined);
  });

  it('is a number or nothing whatever comes, over any length of time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 200 }), fc.nat(100), (steps, load) => {
        const history = new History();
        let sweep = 0;
        history.begin(0, 0);
        for (const step of steps) {
          history.tick((sweep += step % 50), sweep * load);
          history.add(sweep - (step % 7));
        }
        const trend = history.trend(sweep);
        return trend === undefined || (trend.ratio >= 0 && trend.error >= 0);
      }),
    );
  });
});
