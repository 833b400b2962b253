import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import net from 'node:net';
import { describe, it } from 'node:test';
import { keepAlive, ownTimers, runOutsideContext } from '../../../src/runtime/timers.ts';

const storage = new AsyncLocalStorage<string>();
const activeTimers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('outlive’s own timers', () => {
  it('keep no process alive', () => {
    const before = activeTimers();
    const timers = [ownTimers.setTimeout(() => {}, 10_000), ownTimers.setInterval(() => {}, 10_000)];
    ownTimers.soon(() => {});
    assert.equal(activeTimers(), before);
    for (const timer of timers) timer.cancel();
  });

  for (const [name, set] of [
    ['setTimeout', (fn: () => void) => ownTimers.setTimeout(fn, 1)],
    ['setInterval', (fn: () => void) => ownTimers.setInterval(fn, 1)],
    ['setImmediate', (fn: () => void) => ownTimers.setImmediate(fn)],
    ['soon', (fn: () => void) => ownTimers.soon(fn)],
  ] as const) {
    it(`run outside the context that they were made in: ${name}`, async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      const seen = await new Promise((resolve) => {
        storage.run('request', () => {
          const timer = set(() => {
            timer?.cancel();
            resolve(storage.getStore());
          });
        });
        setTimeout(() => {}, 5);
      });
      assert.equal(seen, undefined);
      server.close();
    });
  }

  it('are cancelled for good', async () => {
    ownTimers.setTimeout(() => assert.fail('fired'), 1).cancel();
    ownTimers.setInterval(() => assert.fail('fired'), 1).cancel();
    await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('go on when the app has replaced the global ones', async () => {
    const { setTimeout: real } = globalThis;
    globalThis.setTimeout = (() => assert.fail('the app’s')) as unknown as typeof setTimeout;
    try {
      const fired = new Promise<void>((resolve) => ownTimers.setTimeout(resolve, 1));
      const awake = setInterval(() => {}, 1);
      await fired;
      clearInterval(awake);
    } finally {
      globalThis.setTimeout = real;
    }
  });

  it('come soon in an idle event loop, where an immediate would wait', async () => {
    const startMs = performance.now();
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise<void>((resolve) => ownTimers.soon(resolve));
    assert.ok(performance.now() - startMs < 1_000);
    server.close();
  });
});

describe('outside of any context', () => {
  it('runs a function and hands over what it returns or throws', () => {
    storage.run('request', () => {
      assert.equal(
        runOutsideContext(() => storage.getStore()),
        undefined,
      );
      assert.equal(storage.getStore(), 'request');
      assert.throws(() => runOutsideContext(() => assert.fail('thrown')), /thrown/);
      assert.equal(storage.getStore(), 'request');
    });
  });
});

describe('to keep the process alive', () => {
  it('takes one timer, until it is let go', () => {
    const before = activeTimers();
    const letGo = keepAlive();
    assert.equal(activeTimers(), before + 1);
    letGo();
    assert.equal(activeTimers(), before);
  });
});
