import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Survival } from '../../../src/detect/survival.ts';
import { defaultOutlivedRule } from '../../../src/detect/survival-rule.ts';
import type { Origin } from '../../../src/lifetime/origin.ts';
import { Thing, ledgered } from '../lifetime/ledgered.ts';

const rule = defaultOutlivedRule;

/** A seeded uniform draw (mulberry32), the same at each run. */
function drawsOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many requests a sweep, each opening one thing that lives for `lives` sweeps past its request. */
function lived(o: {
  readonly sweeps: number;
  readonly perSweep: number;
  readonly lives: (sweep: number, draw: () => number) => number;
  readonly survival?: Survival;
  readonly seed?: number;
  readonly from?: number;
}): { readonly origin: Origin; readonly convincedAt: number; readonly survival: Survival } {
  const bench = ledgered({ maxOpen: 100_000 });
  const { survival = new Survival(rule), seed = 1, from = 0 } = o;
  const draw = drawsOf(seed);
  const due = new Map<number, Thing[]>();
  const origin = bench.origin(12);
  let convincedAt = Infinity;
  for (let sweep = 0; sweep < o.sweeps; sweep++) {
    for (const thing of due.get(sweep) ?? []) thing.end = 'released';
    due.delete(sweep);
    for (let i = 0; i < o.perSweep; i++) {
      const nursery = bench.request();
      const thing = bench.open(nursery, new Thing(), 12);
      bench.ledger.endScope(nursery);
      const endsAt = sweep + Math.ceil(o.lives(sweep, draw));
      if (endsAt <= sweep) thing.end = 'released';
      else if (endsAt < Infinity) due.set(endsAt, [...(due.get(endsAt) ?? []), thing]);
    }
    bench.sweep();
    survival.look(origin, bench.ledger.sweepCount);
    // before that nobody is told whatever the evidence
    if (sweep >= from && survival.isConvinced(origin)) convincedAt = Math.min(convincedAt, sweep);
  }
  return { origin, convincedAt, survival };
}
const exponential = (mean: number, draw: () => number): number => -mean * Math.log(1 - draw());

describe('survival: a leak', () => {
  it('convinces from the first minute on, where everything stays', () => {
    const { convincedAt } = lived({ sweeps: 90, perSweep: 1, lives: () => Infinity });
    assert.ok(convincedAt < 66, `${convincedAt}`);
  });

  it('convinces where one in a hundred stays and the others end with their request', () => {
    const { convincedAt } = lived({
      sweeps: 100,
      perSweep: 100,
      lives: (_, draw) => (draw() < 0.01 ? Infinity : 0),
    });
    assert.ok(convincedAt < 66, `${convincedAt}`);
  });

  it('is not void because what was held against healthy ones hours ago was of a lower age', () => {
    const { convincedAt, origin } = lived({
      sweeps: 420,
      perSweep: 30,
      seed: 10,
      from: 300,
      lives: (sweep, draw) => {
        if (sweep < 200) return exponential(2.2, draw);
        return sweep > 250 && draw() < 0.012 ? Infinity : exponential(3.5, draw);
      },
    });
    assert.ok(convincedAt < 380, `${convincedAt}`);
    assert.equal(origin.testAge, 32);
  });

  it('convinces where the others live for a minute', () => {
    const { convincedAt, origin } = lived({
      sweeps: 100,
      perSweep: 100,
      lives: (_, draw) => (draw() < 0.03 ? Infinity : exponential(6, draw)),
    });
    assert.ok(convincedAt < 100, `${convincedAt}`);
    assert.ok(origin.testAge >= 27 && origin.testAge <= 54, `${origin.testAge}`);
  });

  it('convinces as soon when it begins late, after a day of health', () => {
    const { convincedAt } = lived({
      sweeps: 2_000,
      perSweep: 5,
      lives: (sweep, draw) => (sweep > 1_900 && draw() < 0.2 ? Infinity : exponential(2, draw)),
    });
    assert.ok(convincedAt > 1_900 && convincedAt < 1_980, `${convincedAt}`);
  });
});

describe('survival: health that looks like it', () => {
  const silent = (lives: (sweep: number, draw: () => number) => number, sweeps = 1_500, perSweep = 2): void => {
    for (let seed = 1; seed <= 4; seed++) {
      assert.equal(lived({ sweeps, perSweep, lives, seed, from: rule.longAge }).convincedAt, Infinity, `seed ${seed}`);
    }
  };

  it('is what lives for minutes', () => {
    for (const mean of [5, 30, 90]) silent((_, draw) => exponential(mean, draw));
  });

  it('is what has no longest life: Pareto of α = 0.6', () => silent((_, draw) => (1 - draw()) ** (-1 / 0.6)));

  it('is what slows down at times', () =>
    silent((sweep, draw) => exponential(5 * (1 + 4 * Math.sin(sweep / 300) ** 2), draw)));
});

describe('survival: the record', () => {
  it('is void where healthy ones turn out to live as long as what was held against them', () => {
    const { origin, convincedAt, survival } = lived({
      sweeps: 800,
      perSweep: 2,
      lives: (sweep) => (sweep < 400 ? 0 : 60),
    });
    assert.ok(convincedAt < 470, 'nobody could know');
    assert.ok(!survival.isConvinced(origin));
    assert.ok(origin.testAge > 80, `${origin.testAge}`);
  });

  it('takes more evidence under a smaller budget', () => {
    const convincedAt = (alarmsPerMonth: number): number =>
      lived({ sweeps: 300, perSweep: 1, lives: () => Infinity, survival: new Survival(rule, alarmsPerMonth) })
        .convincedAt;
    assert.ok(convincedAt(1) < convincedAt(0.05) && convincedAt(0.05) < convincedAt(0.000_01));
  });

  it('is cleared by an acquittal', () => {
    const { origin, survival } = lived({ sweeps: 100, perSweep: 1, lives: () => Infinity });
    assert.ok(survival.isConvinced(origin));
    survival.acquit(origin, 100);
    assert.ok(!survival.isConvinced(origin));
  });
});
