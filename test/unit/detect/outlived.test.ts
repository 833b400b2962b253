import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GrowingOrigins } from '../../../src/detect/growing-origins.ts';
import { Outlived } from '../../../src/detect/outlived.ts';
import { Overdue } from '../../../src/detect/overdue.ts';
import type { Detector } from '../../../src/detect/detector.ts';
import { ledgered, Thing, thingProbe } from '../lifetime/ledgered.ts';
import { chargesOf } from './charges-of.ts';

type Host = ReturnType<typeof ledgered>;

const charges = (host: Host, detector: Detector) => chargesOf(detector, host.ledger.sweepCount, host.nowMs);

/** Requests that come two a sweep, each opening one thing at line 8; `leave` says what the handler does with it. */
function serve(
  host: Host,
  sweeps: number,
  leave: (thing: Thing, request: number) => void,
  kept: Thing[] = [],
): Thing[] {
  for (let i = 0; i < 2 * sweeps; i++) {
    const nursery = host.request('GET /users/:id');
    const thing = host.open(nursery, new Thing(), 8);
    kept.push(thing);
    leave(thing, i);
    host.ledger.endScope(nursery);
    if (i % 2 === 1) host.sweep();
  }
  return kept;
}

describe('outlived', () => {
  test('what every request leaves open is charged, with its line, its request and its count', () => {
    const host = ledgered({ kind: 'client' });
    serve(host, 120, () => {});
    const [charge, ...others] = charges(host, new Outlived(host.ledger));
    assert.equal(others.length, 0);
    assert.equal(charge?.suspicion.type, 'leaked_client');
    assert.equal(charge?.suspicion.certainty, 'likely');
    assert.equal(charge?.suspicion.site?.frame.line, 8);
    assert.equal(charge?.suspicion.scopeName, 'GET /users/:id');
    assert.ok(charge.suspicion.count > 150 && charge.suspicion.opened === 240);
  });

  test('a stream that ends with its request is not a finding', () => {
    const host = ledgered();
    serve(host, 120, (thing) => (thing.end = 'released'));
    assert.deepEqual(charges(host, new Outlived(host.ledger)), []);
  });

  test('what ends by itself some time after its request is not a finding: a keep-alive, a TTL', () => {
    const host = ledgered();
    const kept: Thing[] = [];
    for (let sweep = 0; sweep < 160; sweep++) {
      serve(host, 1, () => {}, kept);
      for (const thing of kept.slice(0, Math.max(0, kept.length - 50))) thing.end = 'released';
    }
    assert.deepEqual(charges(host, new Outlived(host.ledger)), []);
  });

  test('a pool that fills up and is used by later requests is not a finding', () => {
    const host = ledgered({ kind: 'client' });
    const pool: Thing[] = [];
    for (let sweep = 0; sweep < 160; sweep++) {
      if (sweep % 4 === 0 && pool.length < 30) serve(host, 1, () => {}, pool);
      else host.sweep();
      for (const thing of pool) thing.progress++;
    }
    assert.deepEqual(charges(host, new Outlived(host.ledger)), []);
  });

  test('a cache of clients, one a tenant, that has met its tenants is not a finding', () => {
    const host = ledgered({ kind: 'client' });
    const tenants: Thing[] = [];
    for (let sweep = 0; sweep < 240; sweep++) {
      if (sweep < 40) serve(host, 1, () => {}, tenants);
      else serve(host, 1, (thing) => (thing.end = 'released'));
    }
    assert.deepEqual(charges(host, new Outlived(host.ledger)), []);
  });

  test('one line that leaks once in a while, from few births, is not a finding yet', () => {
    const host = ledgered();
    serve(host, 120, (thing, request) => {
      if (request > 12) thing.end = 'released';
    });
    assert.deepEqual(charges(host, new Outlived(host.ledger)), []);
  });

  test('what the app has adopted is not a finding', () => {
    const host = ledgered({ kind: 'client' });
    serve(host, 120, (thing) => host.ledger.adopt(thing, 'one a request, kept on purpose'));
    assert.deepEqual(charges(host, new Outlived(host.ledger)), []);
  });

  test('a late release resolves: when the accused have ended and no more are born, the charge is over', () => {
    const host = ledgered({ kind: 'client' });
    const detector = new Outlived(host.ledger);
    const kept = serve(host, 120, () => {});
    const [charge] = charges(host, detector);
    for (const thing of kept) thing.end = 'released';
    host.sweep(2);
    assert.deepEqual(charges(host, detector), []);
    assert.equal(charge?.whenGone(), 'retracted', 'they ended after all: it was wrong');
  });
});

describe('growth outside any scope', () => {
  const loop = (host: Host, sweeps: number, each: (thing: Thing) => unknown) => {
    const kept: Thing[] = [];
    for (let i = 0; i < sweeps; i++) {
      const thing = host.open(host.ledger.root, new Thing(), 5);
      kept.push(thing);
      each(thing);
      host.sweep();
    }
    return kept;
  };

  test('a worker loop that opens a client a job and never closes it is charged', () => {
    const host = ledgered({ kind: 'client' });
    const kept = loop(host, 260, () => {});
    const [charge] = charges(host, new GrowingOrigins(host.ledger));
    assert.equal(charge?.suspicion.site?.frame.line, 5);
    assert.ok((charge?.suspicion.count ?? 0) > 200 && kept.length === 260);
  });

  test('what a server holds for each open connection is not a finding', () => {
    const host = ledgered({ kind: 'timer' });
    const kept = loop(host, 260, () => host.ledger.tallyOf('http.connection').opened++);
    assert.deepEqual(charges(host, new GrowingOrigins(host.ledger)), []);
    assert.equal(kept.length, 260);
  });

  test('a loop that closes what it opens is not a finding', () => {
    const host = ledgered({ kind: 'client' });
    loop(host, 260, (thing) => (thing.end = 'released'));
    assert.deepEqual(charges(host, new GrowingOrigins(host.ledger)), []);
  });
});

describe('overdue', () => {
  const leased = () => {
    const host = ledgered({ kind: 'lease' });
    const type = host.ledger.defineType({
      kind: 'lease',
      name: 'connection',
      probe: thingProbe,
      judgement: 'scope',
      advice: 'release it',
      limitMs: 30_000,
    });
    const thing = new Thing();
    host.ledger.openSurvivor(host.request(), thing, type, host.origin(3, type));
    return { host, thing, detector: new Overdue(host.ledger) };
  };

  test('one lease past its limit is charged at once, and is over when it is released', () => {
    const { host, thing, detector } = leased();
    host.sweep(2);
    assert.deepEqual(charges(host, detector), []);
    host.sweep(3);
    const [charge] = charges(host, detector);
    assert.deepEqual([charge?.suspicion.type, charge?.suspicion.count], ['unreleased_lease', 1]);
    thing.end = 'released';
    host.sweep();
    assert.deepEqual(charges(host, detector), []);
  });

  test('one that is used again and again is not a finding, however long it is held', () => {
    const { host, thing, detector } = leased();
    for (let i = 0; i < 20; i++) {
      thing.progress++;
      host.sweep();
    }
    assert.deepEqual(charges(host, detector), []);
  });
});
