import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Nursery } from '../../../src/lifetime/nursery.ts';
import { PendingPlaces } from '../../../src/lifetime/pending-places.ts';
import { Scope } from '../../../src/lifetime/scope.ts';
import type { Site } from '../../../src/lifetime/site.ts';

interface FakePromise {
  pending: boolean;
}
const siteAt = (line: number, inApp = true): Site => {
  const frame = { file: inApp ? '/app/a.js' : '/app/node_modules/lib/l.js', line, column: 3, fn: '' };
  return { id: line, frame, inApp, frames: [frame], libraries: [], captures: 1 };
};
type Birth = readonly [FakePromise, Site];
const pendingAt = (line: number): Birth => [{ pending: true }, siteAt(line)];
const settledAt = (line: number): Birth => [{ pending: false }, siteAt(line)];

/** Promises of scopes while `GET /a` is looked for; a sweep and a major collection at each look. */
function bench(names: readonly string[] = ['GET /a']) {
  const places = new PendingPlaces((promise) => (promise as FakePromise).pending);
  places.births.offer(() => () => {});
  const kept: object[] = [];
  let sweep = 0;
  let majors = 0;
  const look = (sweeps = 1, among = names): void => {
    for (let i = 0; i < sweeps; i++) places.look({ sweep: ++sweep, majors: ++majors, names: new Set(among) });
  };
  look();
  const open = (name = 'GET *'): Nursery => {
    const nursery = new Nursery(new Scope('request', name, sweep, undefined));
    kept.push(nursery);
    return nursery;
  };
  const bear = (nursery: Nursery, promises: readonly Birth[]) => {
    const trace = places.traceOf(nursery);
    for (const [promise, site] of trace === null ? [] : promises) {
      places.countBirth();
      if (places.takesBirth(trace as never)) places.note(trace as never, promise, site);
    }
    kept.push(promises);
    return trace;
  };
  const scopeWith = (promises: readonly Birth[], name = 'GET /a'): Nursery => {
    const nursery = open();
    const trace = bear(nursery, promises);
    Object.assign(nursery.scope, { name, endedAtSweep: sweep });
    if (trace !== null) places.ended(trace);
    return nursery;
  };
  return { places, look, open, bear, scopeWith };
}

describe('pending places: where a scope waits', () => {
  test('the youngest promise that is still pending says it', () => {
    const { places, look, scopeWith } = bench();
    scopeWith([pendingAt(1), pendingAt(2), settledAt(3)]);
    look(2);
    assert.equal(places.siteOf('GET /a')?.frame.line, 2);
    assert.equal(places.votesOf('GET /a'), 1);
  });

  test('a line of the app says more than one inside a library', () => {
    const { places, look, scopeWith } = bench();
    scopeWith([pendingAt(1), [{ pending: true }, siteAt(2, false)]]);
    look(2);
    assert.equal(places.siteOf('GET /a')?.frame.line, 1);
  });

  test('most votes win; a scope with nothing pending has none, and is counted', () => {
    const { places, look, scopeWith } = bench();
    const [seventh, eighth] = [siteAt(7), siteAt(8)];
    for (const site of [seventh, eighth, eighth]) {
      scopeWith([[{ pending: true }, site]]);
      look();
    }
    scopeWith([settledAt(9)]);
    look(2);
    assert.equal(places.siteOf('GET /a')?.frame.line, 8);
    assert.equal(places.votesOf('GET /a'), 3);
    assert.equal(places.inVainOf('GET /a'), 1);
    assert.equal(places.siteOf('GET /b'), null);
    places.forget('GET /a');
    assert.equal(places.votesOf('GET /a'), 0);
  });

  test('a scope at work has no vote', () => {
    const { places, look, scopeWith } = bench();
    const busy = scopeWith([pendingAt(1)]);
    busy.background = busy;
    look(2);
    assert.equal(places.votesOf('GET /a') + places.inVainOf('GET /a'), 0);
  });

  test('a request that does not end is looked at after 24 sweeps all the same', () => {
    const { places, look, open, bear } = bench(['GET *']);
    bear(open(), [pendingAt(5)]);
    look(23);
    assert.equal(places.votesOf('GET *'), 0);
    look(2);
    assert.equal(places.siteOf('GET *')?.frame.line, 5);
  });

  test('a scope of more promises than are noted may say where it waits, never that it waits nowhere', () => {
    const { places, look, scopeWith } = bench();
    const many = Array.from({ length: 200 }, () => settledAt(3));
    scopeWith(many);
    look();
    scopeWith([pendingAt(4), ...many]);
    look(2);
    assert.equal(places.inVainOf('GET /a'), 0);
    assert.equal(places.siteOf('GET /a')?.frame.line, 4);
  });
});

describe('pending places: work that goes round after its request is over', () => {
  test('is looked at in time, where it waits just now', () => {
    const { places, look, bear, open } = bench();
    const subscriber = open();
    const trace = bear(subscriber, [pendingAt(11)]) ?? assert.fail();
    Object.assign(subscriber.scope, { name: 'GET /a', endedAtSweep: 1 });
    places.ended(trace);
    const last: FakePromise = { pending: true };
    for (let i = 0; i < 3; i++) {
      for (const promise of [{ pending: false }, last]) {
        if (places.takesBirth(trace)) places.note(trace, promise, siteAt(14));
      }
      look();
    }
    assert.equal(places.siteOf('GET /a')?.frame.line, 14);
  });

  test('those of which promises were missed have no say against those of which none was', () => {
    const { places, look, scopeWith } = bench();
    const [first, loop] = [siteAt(11), siteAt(14)];
    scopeWith([[{ pending: true }, loop]]);
    look(2);
    for (let i = 0; i < 3; i++) {
      look();
      scopeWith([[{ pending: true }, first]]);
      look(2, []);
    }
    assert.equal(places.votesOf('GET /a'), 4);
    assert.equal(places.siteOf('GET /a')?.frame.line, 14);
  });
});

describe('pending places: whose promises are noted', () => {
  test('of a busy process, only those of scopes that are or may turn out to be looked for', () => {
    const { places, look, open, bear, scopeWith } = bench();
    const other = open('POST *');
    const long = open('GET *');
    long.scope.expectedName = 'GET /stream';
    for (let i = 0; i < 100; i++) for (const nursery of [other, long]) assert.equal(bear(nursery, []), null);
    scopeWith([pendingAt(1)]);
    look(2);
    assert.equal(places.votesOf('GET /a'), 1);
  });

  test('one that turns out to be of another name makes room for the next', () => {
    const { places, look, scopeWith } = bench();
    for (let i = 0; i < 12; i++) scopeWith([settledAt(1)], 'GET /b');
    scopeWith([pendingAt(2)]);
    look(2);
    assert.equal(places.votesOf('GET /a'), 1);
    assert.equal(places.inVainOf('GET /b'), 0);
  });

  test('384 of a sweep, half of them for scopes that are drawn already', () => {
    const { places, look, open, bear } = bench(['GET *']);
    const births = (n: number): Birth[] => Array.from({ length: n }, () => settledAt(1));
    const [first, second, third] = [open(), open(), open()];
    const begun = bear(first, births(100)) ?? assert.fail();
    assert.ok(bear(second, births(100)));
    assert.equal(bear(third, []), null);
    for (const [promise, site] of births(92)) {
      assert.equal(places.takesBirth(begun), true);
      places.note(begun, promise, site);
    }
    const late = bear(open(), []);
    assert.equal(late, null);
    look();
    assert.ok(bear(open(), births(1)));
  });

  test('none of a scope that was under way when the hook was detached, and it takes the place of no other after that', () => {
    const { places, look, open, bear, scopeWith } = bench();
    const [promise, site] = pendingAt(1);
    const before = bear(open(), [[promise, site]]) ?? assert.fail();
    places.clear();
    look();
    scopeWith([pendingAt(2)]);
    Object.assign(before.scope, { name: 'GET /b', endedAtSweep: 3 });
    assert.equal(places.takesBirth(before), false);
    places.ended(before);
    look(2);
    assert.equal(places.votesOf('GET /a'), 1);
  });

  test('none of a scope that began before it was looked', () => {
    const { look, open, bear } = bench();
    const early = open();
    look();
    assert.equal(bear(early, []), null);
  });

  test('after 65,536 births of others nobody looks till the next sweep, and what was missed is no sign of health', () => {
    const { places, look, open, bear } = bench();
    const slow = open();
    bear(slow, [settledAt(1)]);
    for (let i = 0; i < 70_000 && places.births.underWay; i++) places.countBirth();
    assert.equal(places.births.underWay, false);
    Object.assign(slow.scope, { name: 'GET /a', endedAtSweep: 1 });
    look(2);
    assert.equal(places.births.underWay, true);
    assert.equal(places.inVainOf('GET /a'), 0);
    look(1, []);
    assert.equal(places.births.underWay, false);
  });

  test('once those that were drawn have ended, the births of 4,096 more are looked past, not of all', () => {
    const { places, look, scopeWith } = bench();
    for (let i = 0; i < 400; i++) scopeWith([settledAt(1)]);
    let births = 0;
    for (; places.births.underWay; births++) places.countBirth();
    assert.ok(births <= 4096, `${births}`);
    look();
    assert.equal(places.births.underWay, true);
  });
});
