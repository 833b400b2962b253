import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Charge, Detector } from '../../../src/detect/detector.ts';
import { Docket } from '../../../src/detect/docket.ts';
import type { Finding } from '../../../src/detect/finding.ts';
import { Sweep } from '../../../src/detect/sweep.ts';
import { ledgered } from '../lifetime/ledgered.ts';
import { chargeOf } from './charge.ts';

function sweeping(detectors: (name: string) => Iterable<Charge | undefined>, { tickMs = 0.01, readsSystem = '' } = {}) {
  let nowMs = 0;
  const { ledger, open } = ledgered({ maxOpen: 100_000, clock: () => (nowMs += tickMs) });
  const later: (() => void)[] = [];
  const told: string[] = [];
  const failures: string[] = [];
  const rules = ['first', 'second'].map((name): Detector => ({
    name,
    readsSystem: name === readsSystem,
    check: () => detectors(name),
  }));
  const docket = new Docket({
    placeOf: ({ frame }) => ({ ...frame, text: '', stack: '' }),
    wallMs: () => nowMs,
    ignore: [],
    updateIntervalMs: 1e9,
    maxFindings: 10,
  });
  const sweep = new Sweep({
    ledger,
    detectors: rules,
    docket,
    nowMs: () => (nowMs += tickMs),
    soon: (fn) => later.push(fn),
    tell: (findings: readonly Finding[]) => told.push(...findings.map(({ state }) => state)),
    failed: (part, error) => failures.push(`${part}: ${String(error)}`),
  });
  /** The turns of the event loop until nothing is put off; answers how many there were. */
  const settle = (): number => {
    let turns = 0;
    for (let fn = later.shift(); fn !== undefined; fn = later.shift()) {
      fn();
      turns++;
    }
    return turns;
  };
  return { ledger, open, sweep, docket, settle, told, failures, later };
}

describe('a sweep', () => {
  it('leaves the event loop its turn between slices, and judges when all were looked at', () => {
    const { ledger, open, sweep, settle } = sweeping(() => [], { tickMs: 0.1 });
    for (let i = 0; i < 3_000; i++) open(ledger.root);
    sweep.run();
    assert.equal(sweep.count, 0);
    assert.ok(settle() > 5);
    assert.equal(sweep.count, 1);
    assert.equal(ledger.sweepCount, 1);
  });

  it('does not begin again while it is under way', () => {
    const { ledger, sweep, settle, later } = sweeping(() => [], { tickMs: 0.3 });
    sweep.run();
    sweep.run();
    assert.equal(later.length, 1);
    settle();
    sweep.run();
    settle();
    assert.deepEqual([sweep.count, ledger.sweepCount], [2, 2]);
  });

  it('that is run to its end takes over the one that is under way', () => {
    let checks = 0;
    const { ledger, sweep, settle } = sweeping(() => (checks++, []), { tickMs: 0.3 });
    sweep.run();
    sweep.runToEnd();
    settle();
    assert.deepEqual([sweep.count, ledger.sweepCount, checks], [1, 1, 2], 'no sweep is judged twice');
    sweep.run();
    settle();
    assert.equal(sweep.count, 2);
  });

  it('leaves the event loop its turn within a rule, wherever that says that it may pause', () => {
    const { sweep, settle, told } = sweeping(
      function* (name) {
        for (let i = 0; i < 100; i++) yield undefined;
        if (name === 'second') yield chargeOf({});
      },
      { tickMs: 0.1 },
    );
    const turns: number[] = [];
    for (let i = 0; i < 5; i++) {
      sweep.run();
      turns.push(settle());
    }
    assert.ok(Math.min(...turns) >= 40, `${turns.join(', ')} turns`);
    assert.deepEqual(told, ['raised']);
  });

  it('gives a rule that begins with a long reading a slice to itself', () => {
    const order: string[] = [];
    const rules = sweeping((name) => (order.push(name), []), { readsSystem: 'second' });
    rules.sweep.run();
    assert.deepEqual(order, ['first']);
    rules.settle();
    assert.deepEqual(order, ['first', 'second']);
    rules.sweep.runToEnd();
    assert.deepEqual(order, ['first', 'second', 'first', 'second'], 'at once where nobody waits');
  });

  it('that is run to its end while a rule pauses asks no rule twice', () => {
    const asked: string[] = [];
    const { sweep, settle, later } = sweeping(
      function* (name) {
        asked.push(name);
        yield undefined;
        yield undefined;
      },
      { tickMs: 0.3 },
    );
    sweep.run();
    while (asked.length === 0) later.shift()?.();
    sweep.runToEnd();
    settle();
    assert.deepEqual([sweep.count, asked], [1, ['first', 'second']]);
  });

  it('that a callback of the app asks for from within goes on as it was', () => {
    const { sweep, failures } = sweeping((name) => {
      if (name === 'first') sweep.runToEnd();
      return [];
    });
    sweep.runToEnd();
    assert.deepEqual([sweep.count, failures], [1, []]);
  });

  it('tells what the docket makes of the charges', () => {
    const { sweep, told } = sweeping((name) => (name === 'first' ? [chargeOf({})] : []));
    for (let i = 0; i < 5; i++) sweep.runToEnd();
    assert.deepEqual(told, ['raised']);
  });

  it('leaves a rule out that threw, and goes on with the others', () => {
    let asked = 0;
    const { sweep, told, failures } = sweeping((name) => {
      if (name === 'first') throw new Error('of outlive');
      asked++;
      return [chargeOf({})];
    });
    for (let i = 0; i < 5; i++) sweep.runToEnd();
    assert.equal(asked, 5);
    assert.deepEqual(told, ['raised']);
    assert.deepEqual(failures, ['first: Error: of outlive']);
  });

  it('throws nothing into the host’s event loop, and tries again', () => {
    const { ledger, sweep, settle, failures } = sweeping(() => []);
    const slice = ledger.sweepSlice.bind(ledger);
    ledger.sweepSlice = () => {
      throw new Error('of outlive');
    };
    sweep.run();
    sweep.runToEnd();
    settle();
    assert.deepEqual(failures, ['sweep: Error: of outlive', 'sweep: Error: of outlive']);
    ledger.sweepSlice = slice;
    sweep.run();
    settle();
    assert.equal(sweep.count, 1);
  });

  it('keeps its durations in bounds', () => {
    const { sweep } = sweeping(() => []);
    for (let i = 0; i < 1_000; i++) sweep.runToEnd();
    assert.equal(sweep.durationsMs.length, 256);
    assert.ok(sweep.longestOfSweepMs > 0 && sweep.longestOfSweepMs <= sweep.longestSliceMs);
  });
});
