import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Outlived } from '../../../src/detect/outlived.ts';
import { Thing } from '../lifetime/ledgered.ts';
import { judged } from './judged.ts';

const runsASweep = 4;
const twoWindows = 16;
/** By which a leak at a route without slow runs is told, with the patience that chance takes. */
const soonSweeps = 80;

interface Route {
  /** Sweeps that the i-th run takes; 0 ends at once. */
  readonly sweepsOf: (i: number) => number;
  /** Whether the i-th run opens one that stays. */
  readonly opens: (i: number) => boolean;
  readonly name?: string;
}

/** @returns the sweep at which it was told, or `Infinity` */
function toldAt({ sweepsOf, opens, name = 'GET /orders' }: Route, sweeps: number): number {
  const bench = judged((ledger) => new Outlived(ledger));
  const under = new Map<number, (() => void)[]>();
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let i = sweep * runsASweep; i < (sweep + 1) * runsASweep; i++) {
      const nursery = bench.request();
      bench.ledger.expectName(nursery, name);
      if (opens(i)) bench.open(nursery, new Thing(), 12);
      const endsAt = sweep + sweepsOf(i);
      under.set(endsAt, [...(under.get(endsAt) ?? []), () => bench.ledger.endScope(nursery, name)]);
    }
    for (const end of under.get(sweep) ?? []) end();
    bench.sweep();
    if (bench.charges().length > 0) return sweep;
  }
  return Infinity;
}

const isOdd = (i: number): boolean => i % 2 === 1;
/** The first run of each key: new ones get rare, the r-th run brings one as often as 1/√r. */
const bringsKey = (i: number): boolean => Math.floor(6 * Math.sqrt(i + 1)) > Math.floor(6 * Math.sqrt(i));

describe('births against runs, where a route has slow runs', () => {
  it('a leak of the quick ones does not wait until slow ones have ended for as long as it goes on', () => {
    const sweepsOf = (i: number): number => (isOdd(i) ? twoWindows : 0);
    assert.ok(toldAt({ sweepsOf, opens: (i) => !isOdd(i) }, 400) <= soonSweeps);
  });

  it('a leak of the slow ones is told as soon as before', () => {
    const sweepsOf = (i: number): number => twoWindows / 2 + (i % twoWindows);
    assert.ok(toldAt({ sweepsOf, opens: () => true }, 400) <= soonSweeps);
  });

  for (const [which, sweepsOf] of [
    ['half of the runs last', (i: number): number => (i % 4 < 2 ? twoWindows : 0)],
    ['all runs last', (i: number): number => twoWindows / 2 + (i % twoWindows)],
  ] as const) {
    it(`a cache that warms up is silent where ${which} two windows`, () => {
      assert.equal(toldAt({ sweepsOf, opens: bringsKey }, 400), Infinity);
    });
  }
});
