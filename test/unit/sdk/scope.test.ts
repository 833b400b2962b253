import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scope } from '../../../src/sdk/scope.ts';
import { shutdown } from '../../../src/sdk/start.ts';
import { engine, scopeName, startedForEach } from './started.ts';

startedForEach();
const count = (name: string) => {
  const { active, ended } = engine().ledger.scopeStats.of(name);
  return { active, ended };
};

describe('scope', () => {
  it('is there while its work runs, through what that awaits, and gone with it', async () => {
    const result = scope('nightly invoices', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      assert.deepEqual(count('nightly invoices'), { active: 1, ended: 0 });
      return scopeName();
    });
    assert.equal(scopeName(), undefined);
    assert.equal(await result, 'nightly invoices');
    assert.deepEqual(count('nightly invoices'), { active: 0, ended: 1 });
  });

  it('ends at once where the work is no promise, and hands its value over', () => {
    const value = {};
    assert.equal(
      scope('job', () => value),
      value,
    );
    assert.deepEqual(count('job'), { active: 0, ended: 1 });
  });

  it('hands over what the work throws, at once or later, and ends', async () => {
    const error = new Error('of the app');
    assert.throws(
      () =>
        scope('job', () => {
          throw error;
        }),
      error,
    );
    await assert.rejects(
      scope('job', () => Promise.reject(error)),
      error,
    );
    assert.deepEqual(count('job'), { active: 0, ended: 2 });
  });

  it('nests, and gives the outer one back', async () => {
    await scope('outer', async () => {
      assert.equal(await scope('inner', async () => scopeName()), 'inner');
      assert.equal(scopeName(), 'outer');
      assert.equal(
        scope('inner', () => engine().observer.context.current()?.scope.parent?.name),
        'outer',
      );
    });
  });

  it('calls the work without arguments and `this`, once', () => {
    let calls = 0;
    scope('job', function (this: unknown, ...args: unknown[]) {
      calls++;
      assert.deepEqual([this, args], [undefined, []]);
    });
    assert.equal(calls, 1);
  });

  it('waits for whatever has a `then`', async () => {
    // oxlint-disable-next-line no-thenable -- a query builder
    const lazy = { then: (resolve: (value: string) => void) => setImmediate(resolve, 'rows') };
    const result: unknown = scope('query', () => lazy);
    assert.deepEqual(count('query'), { active: 1, ended: 0 });
    assert.equal(await result, 'rows');
    assert.deepEqual(count('query'), { active: 0, ended: 1 });
  });

  it('has a clean, short name', () => {
    scope(`job\n\u0000${'x'.repeat(500)}`, () => assert.match(scopeName() ?? '', /^job x{75,76}$/));
    scope(undefined as unknown as string, () => assert.equal(scopeName(), 'unnamed'));
  });

  it('is only its work where outlive does not run, or runs no more', async () => {
    let finish: (() => void) | undefined;
    const underWay = scope('job', () => new Promise<void>((resolve) => (finish = resolve)));
    await shutdown();
    finish?.();
    await underWay;
    assert.equal(
      scope('job', () => scopeName() ?? 'bare'),
      'bare',
    );
  });
});
