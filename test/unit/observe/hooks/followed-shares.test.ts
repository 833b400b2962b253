import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stamp } from '../../../../src/runtime/stamp.ts';
import { Ledger } from '../../../../src/lifetime/ledger.ts';
import { CallCounts, CallerSample } from '../../../../src/observe/hooks/caller-sample.ts';
import { GeneratorAdmission } from '../../../../src/observe/hooks/generator-admission.ts';

function ledgerAt() {
  let nowMs = 0;
  const ledger = new Ledger({ maxOpen: 1000, nowMs: () => nowMs, adopted: stamp() });
  const pass = (ms: number): void => {
    nowMs += ms;
    ledger.nowMs = nowMs;
  };
  const sweep = (): void => {
    while (!ledger.sweepSlice(Infinity));
  };
  return { ledger, pass, sweep };
}

describe('the share of openings that is followed', () => {
  it('of generators is the part of the sweep in which all were', () => {
    const { ledger, pass, sweep } = ledgerAt();
    const admission = new GeneratorAdmission(ledger);
    const functions = Array.from({ length: 4 }, () => async function* () {});
    const visit = (count: number): number =>
      Array.from({ length: count }, (_, at) => functions[at % 4]?.()).filter(
        (one) => one !== undefined && admission.admits(one),
      ).length;
    assert.equal(visit(100), 100);
    pass(1000);
    sweep();
    for (let i = 0; i < 10; i++) {
      visit(128);
      pass(100);
    }
    sweep();
    assert.equal(admission.isFull, false);
    assert.ok(admission.followedShare > 0.1 && admission.followedShare < 0.4, `${admission.followedShare}`);
  });

  it('of generators falls with the share that the governor leaves', () => {
    const { ledger } = ledgerAt();
    ledger.samplingShare = 1 / 16;
    const admission = new GeneratorAdmission(ledger);
    const generate = async function* () {};
    const admitted = Array.from({ length: 1000 }, generate).filter((one) => admission.admits(one));
    assert.equal(admitted.length, 8);
  });

  it('of calls on web streams is that of the callers looked at', () => {
    const { ledger } = ledgerAt();
    const counts = new CallCounts();
    const sample = new CallerSample(ledger, counts);
    const call = (): boolean => sample.isOutsideNode(call);
    for (let i = 0; i < 128; i++) call();
    assert.equal(counts.takeShare(), 1);
    for (let i = 0; i < 10_000; i++) call();
    const share = counts.takeShare();
    assert.ok(share > 0 && share < 0.05, `${share}`);
    assert.equal(counts.takeShare(), 1, 'nothing was asked since');
  });
});
