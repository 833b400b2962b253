import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Outlived } from '../../../src/detect/outlived.ts';
import { scope } from '../../../src/sdk/scope.ts';
import { shutdown } from '../../../src/sdk/start.ts';
import { task } from '../../../src/sdk/task.ts';
import { collectGarbage } from '../observe/observed.ts';
import { engine, scopeName, startedForEach, sweep } from './started.ts';
import { chargesOf } from '../detect/charges-of.ts';

startedForEach();
const tally = () => engine().ledger.tallyOf('task');

function suspicionsAfter(sweeps: number) {
  const { ledger } = engine();
  const rule = new Outlived(ledger);
  sweep(sweeps);
  return chargesOf(rule, ledger.sweepCount, ledger.nowMs).map(({ suspicion }) => suspicion);
}

describe('task', () => {
  it('is open until it settles, and a scope of its own', async () => {
    const result = task('send receipt', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return scopeName();
    });
    assert.equal(tally().open, 1);
    assert.equal(await result, 'send receipt');
    sweep();
    assert.deepEqual([tally().open, tally().released], [0, 1]);
  });

  it('is over when it fails, and hands the error over', async () => {
    await assert.rejects(
      task('send receipt', () => Promise.reject(new Error('of the app'))),
      /of the app/,
    );
    assert.throws(() => task('send receipt', () => assert.fail('at once')), /at once/);
    sweep();
    assert.equal(tally().open, 0);
  });

  it('that never settles after its request is told with the line of the call', async () => {
    const never: ((value: void) => void)[] = [];
    for (let i = 0; i < 100; i++) {
      scope('GET /pay', () => void task('send receipt', () => new Promise<void>((resolve) => never.push(resolve))));
      sweep();
    }
    const [suspicion] = suspicionsAfter(32);
    assert.deepEqual(
      [suspicion?.type, suspicion?.resourceType, suspicion?.scopeName],
      ['pending_task', 'send receipt', 'GET /pay'],
    );
    assert.match(suspicion?.site?.frame.file ?? '', /task\.test\.ts$/);
    for (const settle of never) settle();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(suspicionsAfter(1), [], 'settled at last');
  });

  it('that settles with its request is no finding', async () => {
    for (let i = 0; i < 100; i++) {
      await scope('GET /pay', () => task('send receipt', async () => {}));
      sweep();
    }
    assert.deepEqual(suspicionsAfter(64), []);
  });

  it('is counted as abandoned when nobody can settle it any more', async () => {
    (() => void task('send receipt', () => new Promise(() => {})))();
    sweep();
    await collectGarbage();
    sweep();
    assert.deepEqual([tally().abandoned, tally().open], [1, 0]);
  });

  it('makes at most 200 types of as many names as come', async () => {
    for (let i = 0; i < 1_000; i++) await task(`receipt ${i}`, async () => {});
    assert.ok(engine().ledger.types.filter(({ kind }) => kind === 'task').length <= 201);
  });

  it('is only its work where outlive does not run', async () => {
    await shutdown();
    assert.equal(await task('send receipt', async () => 'sent'), 'sent');
  });
});
