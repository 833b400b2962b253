import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RetainedScopes } from '../../../src/detect/retained-scopes.ts';
import { Ledger } from '../../../src/lifetime/ledger.ts';
import { PendingPlaces } from '../../../src/lifetime/pending-places.ts';
import { type LeftOpen } from '../../../src/lifetime/left-open.ts';
import { ScopeSamples } from '../../../src/lifetime/scope-samples.ts';
import { Nursery } from '../../../src/lifetime/nursery.ts';
import { Scope } from '../../../src/lifetime/scope.ts';
import type { Site } from '../../../src/lifetime/site.ts';
import { stamp } from '../../../src/runtime/stamp.ts';
import { chargesOf } from './charges-of.ts';

interface Ended {
  gone: boolean;
  atWork: boolean;
}
interface Connection {
  last: Ended | undefined;
}
const siteAt = (line: number): Site => {
  const frame = { file: '/app/audit.js', line, column: 3, fn: 'write' };
  return { id: line, frame, inApp: true, frames: [frame], libraries: [], captures: 1 };
};

/** Scopes that end, sweep by sweep, a major collection every 10 sweeps; whether one is gone is said by the test. */
function bench(isPending = () => true, explained: readonly string[] = []) {
  let nowMs = 1;
  let majors = 0;
  const ledger = new Ledger({ maxOpen: 100, nowMs: () => nowMs, adopted: stamp() });
  const samples = new ScopeSamples({
    mark: () => majors,
    isDue: (sample, at, mark) => at - sample.sweep >= 16 && mark - sample.mark >= 2,
    isOver: (thing) => (thing as Ended).gone,
    isAtWork: (thing) => (thing as Ended).atWork,
    isHeldBy: (connection, thing) => (connection as Connection).last === thing,
  });
  const places = new PendingPlaces(isPending);
  const detector = new RetainedScopes({
    ledger,
    samples,
    places,
    majorGcCount: () => majors,
    explained: () => new Set(explained),
    alsoLookedFor: () => new Set(),
  });
  const all: Ended[] = [];
  let sweep = 0;
  let asked = 0;
  return {
    ledger,
    samples,
    places,
    all,
    get asked() {
      return asked;
    },
    end(gone: boolean, leftOpen: readonly LeftOpen[] = [], connection?: Connection): Ended {
      const thing: Ended = { gone, atWork: false };
      all.push(thing);
      const watch = samples.born('POST /chat');
      if (watch !== undefined) samples.sample(watch, { thing, scope: undefined, nowMs, leftOpen, connection });
      return thing;
    },
    /** A scope that ended with a promise pending in it, made at that line while it was looked. */
    waitsAt(line: number): void {
      const nursery = new Nursery(new Scope('request', 'POST /chat', sweep, undefined));
      const trace = places.traceOf(nursery);
      if (trace === null) return;
      for (const at of [1, line]) if (places.takesBirth(trace)) places.note(trace, nursery, siteAt(at));
      nursery.scope.endedAtSweep = sweep;
      places.ended(trace);
      all.push(nursery as never);
    },
    sweep() {
      nowMs += 10_000;
      if (++sweep % 10 === 0) majors++;
      const charges = chargesOf(detector, sweep, nowMs);
      if (places.births.underWay) asked++;
      return charges;
    },
    run(sweeps: number, step: (sweep: number) => void): number {
      let charged = 0;
      for (let i = 0; i < sweeps; i++) {
        step(i);
        if (this.sweep().length > 0) charged ||= i + 1;
      }
      return charged;
    },
  };
}

describe('retained scopes: a leak', () => {
  test('one request in five that never settles is accused, with the line where it waits', () => {
    const b = bench();
    b.places.births.offer(() => () => {});
    const at = b.run(200, () => {
      for (let i = 0; i < 5; i++) b.end(i !== 0);
      b.waitsAt(33);
    });
    assert.ok(at > 0 && at < 130, `accused at sweep ${at}`);
    const { suspicion } = b.sweep()[0] ?? assert.fail();
    assert.equal(suspicion.type, 'pending_task');
    assert.equal(suspicion.kind, 'context');
    assert.equal(suspicion.certainty, 'likely');
    assert.equal(suspicion.scopeName, 'POST /chat');
    assert.equal(suspicion.site?.frame.line, 33);
    assert.equal(suspicion.opened, 1000);
    assert.ok(suspicion.count > 100 && suspicion.count < 300, `estimated ${suspicion.count}`);
    assert.ok(suspicion.oldestAgeMs > 100 * 10_000);
  });

  test('of a route with a leak of another sort it is accused as well, at its own line', () => {
    const b = bench(() => true, ['POST /chat']);
    b.places.births.offer(() => () => {});
    const at = b.run(200, () => {
      b.end(false);
      b.waitsAt(33);
    });
    assert.ok(at > 0);
    assert.equal(b.sweep()[0]?.suspicion.site?.frame.line, 33);
  });

  test('where the line cannot be found it is accused without', () => {
    const b = bench();
    assert.ok(b.run(300, () => void b.end(false)) > 0);
    assert.equal(b.sweep()[0]?.suspicion.site, null);
  });

  test('under high load a few of each sweep are held, and the count is estimated', () => {
    const b = bench();
    const held = b.run(250, () => {
      for (let i = 0; i < 400; i++) b.end(i % 4 !== 0);
    });
    assert.ok(held > 0);
    const { count } = b.sweep()[0]?.suspicion ?? assert.fail();
    // a quarter of 400 a sweep, less the youngest of 30 sweeps
    assert.ok(count > 0.5 * 220 * 100 && count < 1.5 * 250 * 100, `estimated ${count}`);
    assert.ok([...b.samples].every(({ waiting, kept }) => waiting.length <= 512 && kept.length <= 128));
  });
});

describe('retained scopes: look-alikes stay silent, and no promise is looked at', () => {
  const look = (
    name: string,
    step: (b: ReturnType<typeof bench>, sweep: number) => void,
    explained: readonly string[] = [],
  ): void =>
    void test(name, () => {
      const b = bench(() => true, explained);
      b.places.births.offer(() => () => {});
      assert.equal(
        b.run(400, (i) => step(b, i)),
        0,
      );
    });

  look('requests that are gone', (b) => void b.end(true));
  look('a pool whose connections each hold the scope that opened them', (b, i) => void b.end(i >= 24));
  look('a burst that got stuck once', (b, i) => void b.end(i < 30 || i > 45));
  look('work that goes on after its request', (b) => void (b.end(false).atWork = true));
  look('as many as there are open connections', (b) => {
    b.ledger.tallyOf('http.connection').opened++;
    b.end(false);
  });
  look('those of which another finding tells', (b) => void b.end(false), ['POST /chat']);
  look('those with an open lifetime in them', (b) => {
    const file = { open: true };
    b.all.push(file as never);
    b.end(false, [{ thing: new WeakRef(file), probe: { endOf: () => undefined } }]);
  });
  look('those that rest on a connection, be it closed or not, as the last that came on it', (b) => {
    const connection: Connection = { last: undefined };
    connection.last = b.end(false, [], connection);
    b.all.push(connection as never);
  });
  look('slow work that settles after all', (b, i) => {
    b.end(false);
    const done = b.all[i - 60];
    if (done !== undefined) done.gone = true;
  });

  test('scopes in which nothing is pending, such as those that a cache of settled promises holds', () => {
    const b = bench(() => false);
    b.places.births.offer(() => () => {});
    const at = b.run(400, () => {
      b.end(false);
      b.waitsAt(33);
    });
    assert.equal(at, 0);
  });

  test('a healthy process is never asked for its promises', () => {
    const b = bench();
    b.places.births.offer(() => assert.fail('asked'));
    b.run(400, (i) => void b.end(i % 97 !== 0));
    assert.equal(b.asked, 0);
  });
});

describe('retained scopes: when it is over', () => {
  test('released after all: resolved', () => {
    const b = bench();
    b.run(300, () => void b.end(false));
    const [charge] = b.sweep();
    for (const one of b.all) one.gone = true;
    assert.deepEqual(b.sweep(), []);
    assert.equal(charge?.whenGone(), 'resolved');
  });

  test('when they turn out to be slow only: taken back', () => {
    const b = bench();
    b.run(300, () => void b.end(false));
    const [charge] = b.sweep();
    assert.ok(charge);
    const over = (i: number): void => {
      b.end(false);
      for (const one of b.all.slice(0, 200 + 2 * i)) one.gone = true;
    };
    for (let i = 0; i < 60; i++) {
      over(i);
      if (b.sweep().length === 0) break;
    }
    assert.equal(charge.whenGone(), 'retracted');
  });

  test('promises are looked for until the line is known, not for ever', () => {
    const b = bench();
    b.places.births.offer(() => () => {});
    b.run(600, () => {
      b.end(false);
      b.waitsAt(33);
    });
    assert.ok(b.asked > 0 && b.asked < 40, `${b.asked} sweeps of 600`);
    const never = bench();
    never.places.births.offer(() => () => {});
    never.run(600, () => void never.end(false));
    assert.ok(never.asked <= 96, `${never.asked} sweeps of 600`);
  });
});
