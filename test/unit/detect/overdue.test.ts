import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Overdue } from '../../../src/detect/overdue.ts';
import { Thing, thingProbe } from '../lifetime/ledgered.ts';
import { judged } from './judged.ts';

function leased(limitMs: number | undefined = 60_000) {
  const bench = judged((ledger) => new Overdue(ledger));
  const o = { kind: 'lease', name: 'connection', probe: thingProbe, judgement: 'scope', advice: 'release()' } as const;
  const type = bench.ledger.defineType({ ...o, limitMs });
  const thing = new Thing();
  bench.ledger.openSurvivor(bench.request(), thing, type, bench.origin(7, type));
  return { ...bench, thing };
}

describe('overdue', () => {
  it('a single one past its limit is charged, within its request as well', () => {
    const { sweep, suspicions } = leased();
    sweep(6);
    assert.deepEqual(suspicions(), []);
    sweep(2);
    const [suspicion] = suspicions();
    assert.deepEqual(
      [suspicion?.detector, suspicion?.type, suspicion?.count, suspicion?.site?.frame.line],
      ['overdue', 'unreleased_lease', 1, 7],
    );
    assert.ok((suspicion?.oldestAgeMs ?? 0) > 60_000);
  });

  it('one that is used within its limit stays silent', () => {
    const { sweep, thing, suspicions } = leased();
    for (let i = 0; i < 60; i++) {
      if (i % 5 === 0) thing.progress++;
      sweep();
      assert.deepEqual(suspicions(), []);
    }
  });

  it('one without a limit stays silent', () => {
    const { sweep, suspicions } = leased(Infinity);
    sweep(1_000);
    assert.deepEqual(suspicions(), []);
  });

  it('a late release resolves it', () => {
    const { sweep, thing, charges } = leased();
    sweep(10);
    const [charge] = charges();
    thing.end = 'released';
    sweep();
    assert.deepEqual(charges(), []);
    assert.equal(charge?.whenGone(), 'resolved');
  });
});
