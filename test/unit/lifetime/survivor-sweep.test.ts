import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matureAfterSweeps } from '../../../src/lifetime/origin.ts';
import { collectGarbage } from '../observe/observed.ts';
import { noRuns } from '../../../src/lifetime/scope-stats.ts';
import { Thing, ledgered, thingProbe } from './ledgered.ts';

const settleAfterSweeps = 2 * matureAfterSweeps;

/** A thing that is open still when its request has ended, and the origin that it counts for. */
function outlived(bench = ledgered()) {
  const nursery = bench.request('GET /orders/:id');
  const thing = bench.open(nursery, new Thing(), 12);
  bench.ledger.endScope(nursery);
  return { ...bench, nursery, thing, origin: bench.origin(12) };
}

describe('survivors: how they come to stand', () => {
  it('does not look at what is open within its scope', () => {
    const bench = ledgered();
    bench.open(bench.request(), new Thing(), 12);
    bench.sweep(100);
    assert.deepEqual([bench.origin(12).matured, bench.origin(12).standing], [0, 0]);
  });

  it('counts one as standing 16 sweeps after its scope’s end, as settled after 32', () => {
    const { origin, sweep } = outlived();
    sweep(matureAfterSweeps);
    assert.equal(origin.matured, 0);
    sweep();
    assert.deepEqual([origin.matured, origin.standing, origin.settled], [1, 1, 0]);
    sweep(settleAfterSweeps - matureAfterSweeps);
    assert.deepEqual([origin.standing, origin.settled, Math.log2(origin.cohortBits)], [1, 1, 0]);
    assert.equal(origin.scope?.name, 'GET /orders/:id');
  });

  it('says at each sweep how much older it has got since its test, up to four times that age', () => {
    const { origin, sweep } = outlived();
    sweep(matureAfterSweeps + 1);
    assert.equal(origin.stayed, 0);
    for (const age of [matureAfterSweeps + 1, matureAfterSweeps + 2, 3 * matureAfterSweeps - 1]) {
      while (origin.stayed < Math.log2(age / matureAfterSweeps) - 1e-9) sweep();
      assert.ok(Math.abs(origin.stayed - Math.log2(age / matureAfterSweeps)) < 1e-9, `${age}: ${origin.stayed}`);
    }
    sweep(10 * matureAfterSweeps);
    assert.ok(Math.abs(origin.stayed - 2) < 1e-9, `${origin.stayed}`);
  });

  it('counts how long it has stayed where it is known late that it is held', () => {
    let majors = 0;
    const { origin, sweep } = outlived(ledgered({ majors: () => majors }));
    sweep(2 * matureAfterSweeps);
    assert.deepEqual([origin.matured, origin.stayed], [0, 0]);
    majors = 2;
    sweep();
    assert.deepEqual([origin.matured, origin.stayed], [1, 1]);
  });

  it('counts nothing of the time in which another age was its test', () => {
    let majors = 0;
    const { origin, sweep } = outlived(ledgered({ majors: () => majors }));
    sweep(2 * matureAfterSweeps);
    origin.testAgeLoweredSweep = 2 * matureAfterSweeps + 1;
    majors = 2;
    sweep();
    assert.deepEqual([origin.matured, origin.stayed], [1, 0]);
  });

  it('counts an end after it matured as late, and as settled no more', () => {
    const { origin, sweep, thing } = outlived();
    sweep(settleAfterSweeps + 1);
    thing.end = 'released';
    sweep();
    assert.deepEqual([origin.standing, origin.settled, origin.lateEnds], [0, 0, 1]);
  });

  it('has nothing to say of an end before that', () => {
    const { origin, sweep, thing, tally } = outlived();
    sweep(matureAfterSweeps - 2);
    thing.end = 'released';
    sweep(50);
    assert.deepEqual([origin.matured, origin.lateEnds, tally.released], [0, 0, 1]);
  });

  it('counts the work of the server that it came to, where servers are told apart, and of a route where that is known', () => {
    const bench = ledgered();
    const [api, health] = [noRuns(), noRuns()];
    const answer = (runs: typeof api, line?: number, route = 'GET *'): void => {
      const nursery = bench.request();
      nursery.scope.runs = runs;
      if (line !== undefined) bench.open(nursery, new Thing(), line);
      bench.ledger.endScope(nursery, route);
    };
    for (let i = 0; i < 3; i++) {
      answer(api, 12);
      answer(api, 13, 'GET /orders');
      for (let probe = 0; probe < 5; probe++) answer(health);
    }
    bench.sweep(matureAfterSweeps + 2);
    assert.deepEqual([api.ended, health.ended, bench.ledger.scopeStats.of('GET *').ended], [3, 15, 18]);
    assert.deepEqual(bench.origin(12).work, [api]);
    assert.deepEqual(bench.origin(13).work, [bench.ledger.scopeStats.of('GET /orders')]);
  });

  it('has its type’s sites captured soon after a second one outlived its scope, and not for ever', () => {
    const bench = ledgered();
    const { type, sweep } = outlived(bench);
    sweep(5);
    assert.equal(type.suspectForSweeps, 0);
    assert.equal(outlived(bench).type, type);
    sweep(5);
    assert.ok(type.suspectForSweeps > 0);
    sweep(100);
    assert.equal(type.suspectForSweeps, 0);
  });

  it('takes several that outlived one scope, or two that did weeks apart, for no habit', () => {
    const bench = ledgered();
    const { type, sweep } = outlived(bench);
    outlived(bench);
    sweep(5);
    assert.equal(type.suspectForSweeps, 0);
    sweep(1000);
    outlived(bench);
    sweep(5);
    assert.equal(type.suspectForSweeps, 0);
  });

  it('takes the name of a run that is under way for its work, until it ends with another one', () => {
    const bench = ledgered();
    const slow = bench.request();
    bench.open(slow, new Thing(), 12);
    bench.sweep(2);
    const { work } = bench.origin(12);
    assert.deepEqual(work, [bench.ledger.scopeStats.of('GET *')]);
    bench.ledger.endScope(slow, 'GET /orders');
    bench.sweep();
    assert.deepEqual(work, [bench.ledger.scopeStats.of('GET /orders')]);
  });

  it('keeps nothing of the single request in its row', async () => {
    const bench = ledgered();
    const things = [1, 2].map(() => outlived(bench).thing);
    bench.sweep(3);
    const [first, second] = bench.ledger.survivors.scopes;
    assert.equal(first, second);
    assert.deepEqual([first?.name, first?.ended], ['GET /orders/:id', true]);
    assert.equal(things.length, 2);
  });

  it('keeps an example of the trace that it was opened in', () => {
    const { nursery, origin, sweep } = outlived();
    const trace = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
    nursery.scope.trace = trace;
    sweep(matureAfterSweeps + 1);
    assert.equal(origin.trace, trace);
  });

  it('tells the age and the buffers of those that stand', () => {
    const { origin, sweep, thing, ledger } = outlived();
    thing.buffered = 700;
    sweep(matureAfterSweeps + 1);
    assert.equal(origin.standingBytes, 700);
    assert.equal(origin.oldestOpenedMs, 1);
    assert.equal(ledger.tallyOf('stream').bufferedBytes, 700);
    thing.end = 'released';
    sweep();
    assert.deepEqual([origin.standingBytes, origin.oldestOpenedMs], [0, Infinity]);
  });

  it('shows the buffered bytes of the last whole sweep while the next is under way', () => {
    const { ledger, open, sweep } = ledgered();
    for (let i = 0; i < 500; i++) open(ledger.root).buffered = 2;
    sweep();
    assert.equal(ledger.sweepSlice(0), false);
    assert.equal(ledger.tallyOf('stream').bufferedBytes, 1_000);
  });
});

describe('survivors: adopted by the process', () => {
  it('one whose bytes advance at two sweeps after its scope’s end', () => {
    const { origin, sweep, thing } = outlived();
    sweep(20);
    assert.equal(origin.standing, 1);
    thing.progress++;
    sweep();
    assert.equal(origin.standing, 1, 'once may be the rest of its request');
    thing.progress++;
    sweep();
    assert.deepEqual([origin.standing, origin.adopted], [0, 1]);
    sweep(100);
    assert.deepEqual([origin.standing, origin.settled], [0, 0]);
  });

  it('not one that still moves bytes just after its scope’s end', () => {
    const { origin, sweep, thing } = outlived();
    for (let i = 0; i < 4; i++) {
      thing.progress++;
      sweep();
    }
    sweep(30);
    assert.deepEqual([origin.standing, origin.adopted], [1, 0]);
  });

  it('one that the app adopted, at whatever time', () => {
    const early = outlived();
    early.ledger.adopt(early.thing, 'one for the process');
    early.sweep(100);
    assert.deepEqual([early.origin.matured, early.origin.adopted], [0, 1]);

    const late = outlived();
    late.sweep(settleAfterSweeps + 1);
    late.ledger.adopt(late.thing, 'one for the process');
    late.sweep();
    assert.deepEqual([late.origin.standing, late.origin.settled, late.origin.adopted], [0, 0, 1]);
  });
});

describe('survivors: collected un-ended', () => {
  /** Nothing refers to the thing any more; `native` is what its last look saw. */
  function lost(native: boolean, uses = 0) {
    const bench = ledgered();
    const origin = bench.origin(12);
    (() => {
      const { thing } = outlived(bench);
      thing.native = native;
      bench.sweep(20);
      for (let i = 0; i < uses; i++) {
        thing.progress++;
        bench.sweep();
      }
    })();
    return { ...bench, origin };
  }

  it('with something native at the last look is proof', async () => {
    const { sweep, origin, tally } = lost(true);
    await collectGarbage();
    sweep();
    assert.deepEqual([origin.abandonedNative, origin.standing, tally.abandoned], [1, 0, 1]);
  });

  it('without is everyday business, only counted', async () => {
    const { sweep, origin, tally } = lost(false);
    await collectGarbage();
    sweep();
    assert.deepEqual([origin.abandonedNative, origin.abandonedSuspended, tally.abandoned], [0, 0, 1]);
  });

  it('is no proof where it was in use after its scope', async () => {
    const { sweep, origin } = lost(true, 3);
    await collectGarbage();
    sweep();
    assert.equal(origin.abandonedNative, 0);
  });

  it('has ended where it was a root at the last look: a timer that has fired, a socket that was closed', async () => {
    const { ledger, request, sweep } = ledgered();
    const probe = { ...thingProbe, isRooted: () => true };
    const type = ledger.defineType({ kind: 'timer', name: 'Timer', probe, judgement: 'scope', advice: '' });
    (() => {
      ledger.open(request(), new Thing(), type, null);
      sweep();
    })();
    await collectGarbage();
    sweep();
    const { released, abandoned } = ledger.tallyOf('timer');
    assert.deepEqual({ released, abandoned }, { released: 1, abandoned: 0 });
  });

  it('is an end that its origin learns from where it was released, and none where it was abandoned', async () => {
    for (const end of ['released', 'abandoned'] as const) {
      const { ledger, request, sweep, origin } = ledgered();
      const probe = { endOf: () => undefined, remainsOf: () => ({ end, leftUndone: false }) };
      const type = ledger.defineType({ kind: 'client', name: 'Client', probe, judgement: 'scope', advice: '' });
      const of = origin(3, type);
      (() => {
        const nursery = request();
        ledger.open(nursery, new Thing(), type, of);
        ledger.endScope(nursery);
      })();
      sweep(6);
      await collectGarbage();
      sweep();
      assert.deepEqual([of.ended, of.ages.ends], [1, end === 'released' ? 1 : 0]);
    }
  });

  it('is booked as its remains say', async () => {
    for (const [remains, expected] of [
      [
        { end: 'abandoned', leftUndone: true },
        { abandonedSuspended: 1, abandoned: 1, released: 0 },
      ],
      [
        { end: 'released', leftUndone: false },
        { abandonedSuspended: 0, abandoned: 0, released: 1 },
      ],
    ] as const) {
      const { ledger, sweep, origin } = ledgered();
      const probe = { endOf: () => undefined, remainsOf: () => remains };
      const type = ledger.defineType({ kind: 'generator', name: 'g', probe, judgement: 'scope', advice: '' });
      ledger.open(ledger.root, new Thing(), type, origin(3, type));
      sweep();
      await collectGarbage();
      sweep();
      const { abandoned, released } = ledger.tallyOf('generator');
      const { abandonedSuspended } = origin(3, type);
      assert.deepEqual({ abandonedSuspended, abandoned, released }, expected);
      assert.deepEqual(
        ledger.survivors.remains.filter((left) => left !== undefined),
        [],
      );
    }
  });
});

describe('survivors: open past a limit', () => {
  function limited() {
    const bench = ledgered();
    const o = { kind: 'lease', name: 'lock', probe: thingProbe, judgement: 'scope', advice: '' } as const;
    const type = bench.ledger.defineType({ ...o, limitMs: 60_000 });
    const thing = new Thing();
    bench.ledger.openSurvivor(bench.request(), thing, type, bench.origin(7, type));
    return { ...bench, thing, origin: bench.origin(7, type) };
  }

  it('are overdue, within their scope as well', () => {
    const { sweep, origin } = limited();
    sweep(6);
    assert.equal(origin.overdue, 0);
    sweep(2);
    assert.equal(origin.overdue, 1);
  });

  it('are not while they are used', () => {
    const { sweep, origin, thing } = limited();
    for (let i = 0; i < 40; i++) {
      if (i % 4 === 0) thing.progress++;
      sweep();
      assert.equal(origin.overdue, 0);
    }
  });

  it('are no more once they ended late', () => {
    const { sweep, origin, thing } = limited();
    sweep(10);
    thing.end = 'released';
    sweep();
    assert.equal(origin.overdue, 0);
  });
});

describe('survivors: what is not judged yet', () => {
  it('does not age while it is not known to be open', () => {
    let known = false;
    const { ledger, request, sweep, origin } = ledgered();
    const probe = { endOf: () => undefined, isKnownOpen: () => known };
    const type = ledger.defineType({ kind: 'generator', name: 'g', probe, judgement: 'scope', advice: '' });
    const nursery = request();
    const thing = new Thing();
    ledger.open(nursery, thing, type, origin(3, type));
    ledger.endScope(nursery);
    sweep(100);
    assert.equal(origin(3, type).matured, 0);
    known = true;
    sweep(matureAfterSweeps + 1);
    assert.equal(origin(3, type).matured, 1);
    assert.ok(thing);
  });
});

describe('survivors: a walk over many origins', () => {
  it('pauses while it forgets what it saw of them last time, and then looks at all', () => {
    const bench = ledgered();
    const nursery = bench.request();
    for (let line = 1; line <= 500; line++) bench.open(nursery, new Thing(), line);
    bench.ledger.endScope(nursery);
    bench.sweep(matureAfterSweeps + 1);
    let slices = 1;
    while (!bench.ledger.sweepSlice(-Infinity)) slices++;
    assert.ok(slices > 20, `${slices} slices`);
    assert.deepEqual([bench.origin(1).standing, bench.origin(500).standing], [1, 1]);
    assert.notEqual(bench.origin(500).oldestOpenedMs, Infinity);
  });
});
