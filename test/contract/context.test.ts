import assert from 'node:assert/strict';
import { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Nursery } from '../../src/lifetime/nursery.ts';
import { Scope } from '../../src/lifetime/scope.ts';
import { asyncLocalStorageContext } from '../../src/observe/context/async-local-storage.ts';
import { clsHookedContext } from '../../src/observe/context/cls-hooked.ts';
import type { ScopeContext } from '../../src/observe/context/scope-context.ts';

const mechanisms: readonly (() => ScopeContext)[] = [asyncLocalStorageContext, clsHookedContext];
const nurseryNamed = (name: string): Nursery => new Nursery(new Scope('task', name, 1, undefined));

for (const make of mechanisms) {
  describe(`the contract of a context: ${make.name}`, () => {
    let context = make();
    context.detach();
    const attached = (): ScopeContext => (context = make());
    afterEach(() => context.detach());

    test('outside any scope there is none', () => assert.equal(attached().current(), undefined));

    test('inside it is the one that was given, synchronously and not longer', () => {
      const { current, run } = attached();
      const a = nurseryNamed('a');
      assert.equal(run(a, current), a);
      assert.equal(current(), undefined);
    });

    test('one that is entered, where it can be, is left with the call of Node’s in which it was', async () => {
      const { current, enter } = attached();
      if (enter === undefined) return;
      const a = nurseryNamed('a');
      const later: unknown[] = [];
      await new Promise<void>((resolve) => {
        setImmediate(() => {
          enter(a);
          setImmediate(() => later.push(current()));
          void nextTurn().then(() => resolve(void later.push(current())));
        });
        setImmediate(() => later.push(current()));
      });
      assert.deepEqual(later, [undefined, a, a]);
      assert.equal(current(), undefined);
    });

    test('this, arguments and the value come through', () => {
      const { run } = attached();
      const a = nurseryNamed('a');
      const sum = function (this: { base: number }, x: number, y: number): number {
        return this.base + x + y;
      };
      assert.equal(run(a, sum, { base: 1 }, [2, 3]), 6);
      const value = { any: 'object' };
      assert.equal(
        run(a, () => value),
        value,
      );
    });

    test('an error comes through as it is, and the scope is left', () => {
      const { current, run } = attached();
      const error = Object.freeze(new Error('of the app'));
      const keys = Reflect.ownKeys(error);
      const thrower = (): never => {
        throw error;
      };
      assert.throws(
        () => run(nurseryNamed('a'), thrower),
        (thrown) => thrown === error,
      );
      assert.deepEqual(Reflect.ownKeys(error), keys);
      assert.equal(current(), undefined);
      const open = new Error('of the app');
      assert.throws(() =>
        run(nurseryNamed('a'), () => {
          throw open;
        }),
      );
      assert.deepEqual(new Set(Reflect.ownKeys(open)), new Set(['stack', 'message']));
    });

    test('a rejection comes through as it is', async () => {
      const { run } = attached();
      const error = new Error('of the app');
      await assert.rejects(
        run(nurseryNamed('a'), () => Promise.reject(error)),
        (thrown) => thrown === error,
      );
    });

    test('it goes over await, nested async functions and promise reactions', async () => {
      const { current, run } = attached();
      const a = nurseryNamed('a');
      const inner = async (): Promise<Nursery | undefined> => (await nextTurn(), current());
      const seen = await run(a, async () => {
        await Promise.resolve();
        const first = current();
        const second = await inner();
        const third = await Promise.resolve().then(() => current());
        const [fourth, fifth] = await Promise.all([inner(), inner()]);
        return [first, second, third, fourth, fifth];
      });
      assert.deepEqual(seen, [a, a, a, a, a]);
    });

    test('it goes over nextTick, queueMicrotask, setTimeout, setImmediate and setInterval', async () => {
      const { current, run } = attached();
      const a = nurseryNamed('a');
      const starters: ((fn: () => void) => void)[] = [
        (fn) => process.nextTick(fn),
        (fn) => queueMicrotask(fn),
        (fn) => setTimeout(fn, 1),
        (fn) => setImmediate(fn),
        (fn) => {
          const timer = setInterval(() => (clearInterval(timer), fn()), 1);
        },
      ];
      for (const start of starters) {
        const seen = await new Promise((resolve) => run(a, () => start(() => resolve(current()))));
        assert.equal(seen, a, start.toString());
      }
    });

    test('listeners run in the scope that emits, bound resources in the one they were made in', () => {
      const { current, run } = attached();
      const [a, b] = [nurseryNamed('a'), nurseryNamed('b')];
      const emitter = new EventEmitter();
      const seen: (Nursery | undefined)[] = [];
      run(a, () => emitter.on('x', () => seen.push(current())));
      run(b, () => emitter.emit('x'));
      emitter.emit('x');
      const resource = run(a, () => new AsyncResource('test'));
      run(b, () => resource.runInAsyncScope(() => seen.push(current())));
      resource.emitDestroy();
      assert.deepEqual(seen, [b, undefined, a]);
    });

    test('scopes nest, and the outer one is back afterwards', async () => {
      const { current, run } = attached();
      const [a, b] = [nurseryNamed('a'), nurseryNamed('b')];
      const seen = await run(a, async () => {
        const before = current();
        const inside = run(b, () => nextTurn().then(() => current()));
        const between = current();
        return [before, between, await inside, current()];
      });
      assert.deepEqual(seen, [a, a, b, a]);
    });

    test('run(undefined) leaves the scope for all that it starts', async () => {
      const { current, run } = attached();
      const a = nurseryNamed('a');
      const seen = await run(a, async () => {
        const later = run(undefined, async () => {
          const now = current();
          await nextTurn();
          return [now, current()];
        });
        return [current(), ...(await later), current()];
      });
      assert.deepEqual(seen, [a, undefined, undefined, a]);
    });

    test('concurrent work does not mix', async () => {
      const { current, run } = attached();
      const work = async (nursery: Nursery): Promise<boolean> => {
        for (let i = 0; i < 20; i++) {
          await (i % 3 === 0 ? nextTurn() : i % 3 === 1 ? new Promise((resolve) => setTimeout(resolve, 1)) : null);
          if (current() !== nursery) return false;
        }
        return true;
      };
      const kept = await Promise.all(
        Array.from({ length: 50 }, (_, i) => {
          const nursery = nurseryNamed(String(i));
          return run(nursery, () => work(nursery));
        }),
      );
      assert.equal(kept.filter(Boolean).length, 50);
    });

    test('concurrent requests of a server do not mix', async () => {
      const { current, run } = attached();
      const server = http.createServer((request, response) => {
        const nursery = nurseryNamed(request.url ?? '');
        run(nursery, async () => {
          for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
          response.end(current()?.scope.name ?? 'none');
        }).catch((error: unknown) => response.destroy(error as Error));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const paths = Array.from({ length: 30 }, (_, i) => `/${i}`);
      const answers = await Promise.all(
        paths.map(async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()),
      );
      server.closeAllConnections();
      server.close();
      assert.deepEqual(answers, paths);
    });

    test('detach lets work that is under way run on, and none is the current scope after it', async () => {
      const { current, run, detach } = attached();
      const late = run(nurseryNamed('a'), async () => {
        await nextTurn();
        return 'done';
      });
      detach();
      assert.equal(current(), undefined);
      assert.equal(await late, 'done');
      assert.equal(current(), undefined);
    });

    test('detach from within a scope does no harm', () => {
      const { current, run, detach } = attached();
      assert.equal(
        run(nurseryNamed('a'), () => (detach(), 7)),
        7,
      );
      assert.equal(current(), undefined);
    });

    test('it leaves no trace that the app can see', () => {
      const before = Object.getOwnPropertyDescriptor(process, 'namespaces')?.value as object | undefined;
      const names = Object.keys(before ?? {});
      attached();
      const after = (process as { namespaces?: object }).namespaces;
      if (before !== undefined) assert.equal(after, before);
      assert.deepEqual(Object.keys(after ?? {}), names);
    });
  });
}
