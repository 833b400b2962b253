import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HookGroup } from '../../../src/observe/hook.ts';
import { Governor } from '../../../src/sdk/governor.ts';

const sweepMs = 10_000;

/** A governor with a budget of 0.5 % of a core, on a clock that only `run` advances. */
function governed(groups: readonly HookGroup[] = ['streams', 'clients']) {
  let nowMs = 0;
  let spentMs = 0;
  const takeSpentMs = (): number => {
    const taken = spentMs;
    spentMs = 0;
    return taken;
  };
  const told: string[] = [];
  const state = { share: 1, detached: [] as HookGroup[] };
  const governor = new Governor(
    {
      budgetRatio: 0.005,
      windowMs: 6 * sweepMs,
      takeSpentMs,
      candidates: () => groups,
      setSamplingShare: (share) => void (state.share = share),
      detachOnly: (detached) => void (state.detached = [...detached]),
      tell: (line) => told.push(line),
    },
    nowMs,
  );
  const run = (windows: number, ratio: number): void => {
    for (let i = 0; i < 6 * windows; i++) {
      nowMs += sweepMs;
      spentMs += sweepMs * ratio;
      governor.onSweep(nowMs);
    }
  };
  return { run, told, state };
}

describe('governor', () => {
  it('does nothing within the budget, nor for a single window beyond it', () => {
    const { run, told, state } = governed();
    for (let i = 0; i < 20; i++) {
      run(5, 0.004);
      run(1, 0.019);
    }
    assert.deepEqual([state, told], [{ share: 1, detached: [] }, []]);
  });

  it('looks at fewer things first, then detaches the costliest groups one by one, and says each', () => {
    const { run, told, state } = governed();
    run(2, 0.008);
    assert.deepEqual(state, { share: 1 / 4, detached: [] });
    run(2, 0.008);
    assert.deepEqual(state, { share: 1 / 16, detached: [] });
    run(2, 0.008);
    assert.deepEqual(state, { share: 1 / 16, detached: ['streams'] });
    run(20, 0.008);
    assert.deepEqual(state, { share: 1 / 16, detached: ['streams', 'clients'] });
    assert.deepEqual(told, [
      'it takes 0.80 % of a core, its budget (cpuBudgetMillicores) is 0.50 %: it looks at 1 in 4 of what it did now',
      'it takes 0.80 % of a core, its budget (cpuBudgetMillicores) is 0.50 %: it looks at 1 in 16 of what it did now',
      'it takes 0.80 % of a core, its budget (cpuBudgetMillicores) is 0.50 %: streams detached',
      'it takes 0.80 % of a core, its budget (cpuBudgetMillicores) is 0.50 %: clients detached',
    ]);
  });

  it('takes its steps back in reverse when it was cheap for long, not when it is just within the budget', () => {
    const { run, told, state } = governed();
    run(6, 0.008);
    run(100, 0.004);
    assert.deepEqual(state.detached, ['streams']);
    run(10, 0.001);
    assert.deepEqual(state, { share: 1 / 16, detached: [] });
    assert.equal(told.at(-1), 'it was well within its budget for long: streams attached again');
    run(20, 0.001);
    assert.equal(state.share, 1 / 4);
    run(40, 0.001);
    assert.equal(state.share, 1);
    assert.equal(told.at(-1), 'it was well within its budget for long: it looks at all it did again');
  });

  it('does not wait for a second window where it takes four times its budget', () => {
    const { run, state } = governed();
    run(3, 0.03);
    assert.deepEqual(state, { share: 1 / 16, detached: ['streams'] });
  });

  it('waits twice as long after each relapse', () => {
    const { run, state } = governed();
    run(6, 0.008);
    run(10, 0.001);
    assert.deepEqual(state.detached, []);
    run(2, 0.008);
    assert.deepEqual(state.detached, ['streams']);
    run(19, 0.001);
    assert.deepEqual(state.detached, ['streams']);
    run(1, 0.001);
    assert.deepEqual(state.detached, []);
  });
});
