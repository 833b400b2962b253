import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GrowingOrigins } from '../../../src/detect/growing-origins.ts';
import { Thing } from '../lifetime/ledgered.ts';
import { judged } from './judged.ts';

const growing = () => judged((ledger) => new GrowingOrigins(ledger));
type Bench = ReturnType<typeof growing>;

/** A loop without a scope that opens one thing every `every` sweeps. */
function loop({ open, ledger, sweep }: Bench, sweeps: number, every = 2): Thing[] {
  const things: Thing[] = [];
  for (let i = 0; i < sweeps; i++) {
    if (i % every === 0) things.push(open(ledger.root, new Thing(), 40));
    sweep();
  }
  return things;
}

describe('growth of what is open without a scope: a leak', () => {
  it('is charged when it grows steadily over 16 cohorts', () => {
    const bench = growing();
    loop(bench, 220);
    const [suspicion] = bench.suspicions();
    assert.deepEqual(
      [suspicion?.detector, suspicion?.certainty, suspicion?.scopeName, suspicion?.site?.frame.line],
      ['growth', 'likely', undefined, 40],
    );
    assert.ok((suspicion?.rate?.value ?? 0) > 0);
  });

  it('is over when half of them were ended at last', () => {
    const bench = growing();
    const things = loop(bench, 220);
    const [charge] = bench.charges();
    for (const thing of things) thing.end = 'released';
    bench.sweep();
    assert.deepEqual(bench.charges(), []);
    assert.equal(charge?.whenGone(), 'resolved');
  });
});

describe('growth of what is open without a scope: a look-alike that stays silent', () => {
  it('is what an app opens at its start', () => {
    const bench = growing();
    for (let i = 0; i < 500; i++) bench.open(bench.ledger.root, new Thing(), 40);
    bench.sweep(300);
    assert.deepEqual(bench.charges(), []);
  });

  it('is a pool that fills up', () => {
    const bench = growing();
    loop(bench, 60, 1);
    bench.sweep(300);
    assert.deepEqual(bench.charges(), []);
  });

  it('is a loop that ends what it opens, later than anybody would wait', () => {
    const bench = growing();
    const things: Thing[] = [];
    for (let i = 0; i < 500; i++) {
      things.push(bench.open(bench.ledger.root, new Thing(), 40));
      const old = things[i - 60];
      if (old !== undefined) old.end = 'released';
      bench.sweep();
      assert.deepEqual(bench.charges(), []);
    }
  });

  it('is one for each connection of a server', () => {
    const bench = growing();
    const o = { kind: 'http.connection', name: 'net.Socket', judgement: 'none', advice: '' } as const;
    const connection = bench.ledger.defineType({ ...o, probe: { endOf: () => undefined } });
    const sockets: Thing[] = [];
    for (let i = 0; i < 240; i++) {
      const socket = new Thing();
      sockets.push(socket);
      bench.ledger.open(bench.ledger.root, socket, connection, null);
      bench.open(bench.ledger.root, socket, 40);
      bench.sweep();
    }
    assert.deepEqual(bench.charges(), []);
  });

  it('is what is used again and again', () => {
    const bench = growing();
    const things: Thing[] = [];
    for (let i = 0; i < 240; i++) {
      if (i % 2 === 0) things.push(bench.open(bench.ledger.root, new Thing(), 40));
      for (const thing of things) thing.progress++;
      bench.sweep();
    }
    assert.deepEqual(bench.charges(), []);
  });

  it('is a scope’s: that is for another rule', () => {
    const bench = growing();
    for (let i = 0; i < 240; i++) {
      bench.requested(12);
      bench.sweep();
    }
    assert.deepEqual(bench.charges(), []);
  });
});
