import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Outlived } from '../../../src/detect/outlived.ts';
import { matureAfterSweeps } from '../../../src/lifetime/origin.ts';
import { Thing } from '../lifetime/ledgered.ts';
import { judged } from './judged.ts';

const settleAfterSweeps = 2 * matureAfterSweeps;

const outlived = () => judged((ledger) => new Outlived(ledger));
type Bench = ReturnType<typeof outlived>;

/** One request a sweep; what it opens at line 12 is kept open unless `ends` says so. */
function load({ requested, sweep }: Bench, sweeps: number, ends: (i: number) => boolean = () => false): Thing[] {
  return Array.from({ length: sweeps }, (_, i) => {
    const thing = requested(12);
    if (ends(i)) thing.end = 'released';
    sweep();
    return thing;
  });
}

describe('outlived: how little is enough, and how little is not', () => {
  it('a few that nearly all stay are not, though the first of them are closed when they were idle for long', () => {
    const bench = outlived();
    const opened: Thing[] = [];
    for (let i = 0; i < 300; i++) {
      if (i % 8 === 0) opened.push(bench.requested(12));
      else if (i % 4 === 0) bench.ledger.endScope(bench.request('GET /orders/:id'));
      const idle = opened[(i - 215) / 8];
      if (idle !== undefined) idle.end = 'released';
      bench.sweep();
      assert.deepEqual(bench.charges(), [], `at sweep ${i}`);
    }
  });

  it('six cohorts of births that have settled are enough, and not less', () => {
    const bench = outlived();
    load(bench, 8 * 5 + matureAfterSweeps - 8);
    assert.deepEqual(bench.charges(), []);
    load(bench, settleAfterSweeps);
    assert.equal(bench.charges().length, 1);
    assert.ok((bench.suspicions()[0]?.rate?.low ?? 0) > 0);
  });

  it('one in twenty of what the line opens is enough', () => {
    const bench = outlived();
    load(bench, 8 * 60, (i) => i % 20 !== 0);
    bench.sweep(settleAfterSweeps);
    assert.equal(bench.charges().length, 1);
  });

  it('one in a thousand is not', () => {
    const bench = outlived();
    for (let i = 0; i < 120; i++) {
      for (let k = 0; k < 1_000; k++) bench.requested(12).end = 'released';
      bench.requested(12);
      bench.sweep();
    }
    bench.sweep(100);
    assert.deepEqual(bench.charges(), []);
  });

  it('without a line it takes four times as many', () => {
    const bench = outlived();
    const openWithoutLine = (): void => {
      const nursery = bench.request('GET /orders/:id');
      bench.open(nursery);
      bench.ledger.endScope(nursery);
      bench.sweep();
    };
    for (let i = 0; i < 120; i++) openWithoutLine();
    const [suspicion] = bench.suspicions();
    assert.deepEqual([suspicion?.site, suspicion?.scopeName], [null, 'GET /orders/:id']);
  });
});

describe('outlived: look-alikes that stay silent', () => {
  const silent = (bench: Bench): void => {
    bench.sweep(100);
    assert.deepEqual(bench.charges(), []);
  };

  it('a client made once, at the first request', () => {
    const bench = outlived();
    bench.requested(12);
    silent(bench);
  });

  it('a burst: many at one time, none after', () => {
    const bench = outlived();
    for (let i = 0; i < 500; i++) bench.requested(12);
    silent(bench);
  });

  it('a pool that fills up while traffic goes on', () => {
    const bench = outlived();
    load(bench, 400, (i) => i >= 24);
    silent(bench);
  });

  it('as many as there are requests at work', () => {
    const bench = outlived();
    const working = Array.from({ length: 200 }, () => bench.request('GET /orders/:id'));
    load(bench, 120);
    silent(bench);
    assert.equal(working.length, 200);
  });

  it('what the process uses after its request', () => {
    const bench = outlived();
    const things: Thing[] = [];
    for (let i = 0; i < 160; i++) {
      if (i < 120) things.push(bench.requested(12));
      for (const thing of things) thing.progress++;
      bench.sweep();
    }
    silent(bench);
  });

  it('work that has no scope to outlive', () => {
    const bench = outlived();
    for (let i = 0; i < 120; i++) {
      bench.open(bench.ledger.root, new Thing(), 12);
      bench.sweep();
    }
    silent(bench);
  });

  it('a type that has a life of its own', () => {
    const bench = outlived();
    const o = { kind: 'http.connection', name: 'net.Socket', judgement: 'none', advice: '' } as const;
    const type = bench.ledger.defineType({ ...o, probe: { endOf: () => undefined } });
    for (let i = 0; i < 120; i++) {
      const nursery = bench.request('GET *');
      bench.ledger.open(nursery, new Thing(), type, bench.origin(12, type));
      bench.ledger.endScope(nursery);
      bench.sweep();
    }
    silent(bench);
  });
});

describe('outlived: what becomes of a charge', () => {
  it('it stands while time goes on, and counts what stands', () => {
    const bench = outlived();
    load(bench, 90);
    bench.sweep(500);
    assert.equal(bench.suspicions()[0]?.count, 90);
    assert.ok((bench.suspicions()[0]?.oldestAgeMs ?? 0) > 500 * 10_000);
  });

  it('it stands where one of many ends', () => {
    const bench = outlived();
    const [first] = load(bench, 90) as [Thing];
    first.end = 'released';
    bench.sweep();
    assert.equal(bench.charges().length, 1);
    assert.equal(bench.suspicions()[0]?.count, bench.origin(12).standing);
  });

  it('it was wrong where many do end after all', () => {
    const bench = outlived();
    const things = load(bench, 90);
    const [charge] = bench.charges();
    for (const thing of things.slice(0, 40)) thing.end = 'released';
    bench.sweep();
    assert.deepEqual(bench.charges(), []);
    assert.equal(charge?.whenGone(), 'retracted');
  });

  it('it was wrong where they are used after all', () => {
    const bench = outlived();
    const things = load(bench, 90);
    const [charge] = bench.charges();
    for (let i = 0; i < 3; i++) {
      for (const thing of things) thing.progress++;
      bench.sweep();
    }
    assert.deepEqual(bench.charges(), []);
    assert.equal(charge?.whenGone(), 'retracted');
  });
});
