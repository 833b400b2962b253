import assert from 'node:assert/strict';
import { test } from 'node:test';
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

function bench() {
  const places = new PendingPlaces((promise) => (promise as FakePromise).pending);
  places.births.offer(() => () => {});
  const kept: object[] = [];
  let sweep = 0;
  let majors = 0;
  const look = (sweeps = 1): void => {
    for (let i = 0; i < sweeps; i++) places.look({ sweep: ++sweep, majors: ++majors, wanted: true });
  };
  look();
  const scopeWith = (promises: readonly (readonly [FakePromise, Site])[]): Nursery => {
    const nursery = new Nursery(new Scope('request', 'GET /a', 1, undefined));
    const trace = places.openTrace(nursery) ?? assert.fail();
    for (const [promise, site] of promises) {
      const line = String(site.id);
      if (places.wantsLook() && places.wantsFrom(line)) places.note(trace, promise, site, line);
    }
    kept.push(nursery, promises);
    nursery.scope.endedAtSweep = 0;
    return nursery;
  };
  return { places, look, scopeWith };
}

test('pending places: the youngest promise that is still pending says where a scope waits', () => {
  const { places, look, scopeWith } = bench();
  scopeWith([
    [{ pending: true }, siteAt(1)],
    [{ pending: true }, siteAt(2)],
    [{ pending: false }, siteAt(3)],
  ]);
  look(2);
  assert.equal(places.siteOf('GET /a')?.frame.line, 2);
  assert.equal(places.votesOf('GET /a'), 1);
});

test('pending places: a line of the app says more than one inside a library', () => {
  const { places, look, scopeWith } = bench();
  scopeWith([
    [{ pending: true }, siteAt(1)],
    [{ pending: true }, siteAt(2, false)],
  ]);
  look(2);
  assert.equal(places.siteOf('GET /a')?.frame.line, 1);
});

test('pending places: most votes win; a scope with nothing pending has none', () => {
  const { places, look, scopeWith } = bench();
  const [seventh, eighth] = [siteAt(7), siteAt(8)];
  for (const site of [seventh, eighth, eighth]) scopeWith([[{ pending: true }, site]]);
  scopeWith([[{ pending: false }, siteAt(9)]]);
  look(2);
  assert.equal(places.siteOf('GET /a')?.frame.line, 8);
  assert.equal(places.votesOf('GET /a'), 3);
  assert.equal(places.siteOf('GET /b'), null);
});

test('pending places: a scope at work, or with something open in it, has no vote', () => {
  const { places, look, scopeWith } = bench();
  const busy = scopeWith([[{ pending: true }, siteAt(1)]]);
  busy.background = busy;
  look(2);
  assert.equal(places.votesOf('GET /a'), 0);
});

test('pending places: a busy line whose promises settle leaves the looks to others', () => {
  const { places, look, scopeWith } = bench();
  let notes = 0;
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let i = 0; i < 20; i++) scopeWith([[{ pending: false }, siteAt(1)]]);
    if (places.wantsFrom('1')) notes++;
    look();
  }
  assert.ok(notes < 30, `wanted in ${notes} of 60 sweeps`);
  assert.equal(places.wantsFrom('another'), true);
  scopeWith([[{ pending: true }, siteAt(2)]]);
  look(9);
  assert.equal(places.wantsFrom('2'), true);
});

test('pending places: at most 512 looks a sweep, and none while nobody asks', () => {
  const { places } = bench();
  let looks = 0;
  while (places.wantsLook()) looks++;
  assert.ok(looks >= 511 && looks <= 512);
  assert.equal(places.births.underWay, false);
  places.look({ sweep: 5, majors: 5, wanted: false });
  assert.equal(places.wantsLook(), false);
});
