import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as timersModule from 'node:timers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { timers } from '../../../../src/observe/hooks/timers.ts';
import { collectGarbage, observed } from '../observed.ts';

let app: ReturnType<typeof observed>;
let kept: NodeJS.Timeout[] = [];
beforeEach(() => {
  app = observed({ hooks: [timers] });
});
afterEach(() => {
  for (const timer of kept) clearInterval(timer);
  kept = [];
  app.sweep();
  app.detach();
});
const tally = () => app.tally('timer');
const noop = (): void => {};

describe('timers: a leak', () => {
  it('is an interval that each request leaves ticking, told with its line', async () => {
    for (let i = 0; i < 80; i++) {
      await app.inRequest('GET /poll', () => kept.push(setInterval(noop, 60_000).unref()));
      app.sweep(2);
    }
    app.sweep(32);
    const [suspicion] = app.suspicions();
    assert.deepEqual([suspicion?.type, suspicion?.resourceType], ['lingering_timer', 'setInterval']);
    assert.match(suspicion?.site?.frame.file ?? '', /timers\.test\.ts$/);
    for (const timer of kept) clearInterval(timer);
    app.sweep();
    assert.deepEqual(app.suspicions(), []);
    assert.equal(tally().released, 80);
  });
});

describe('timers: a look-alike that stays silent', () => {
  it('is an interval that is cleared with its request', async () => {
    for (let i = 0; i < 80; i++) {
      await app.inRequest('GET /poll', () => clearInterval(setInterval(noop, 60_000)));
      app.sweep(2);
    }
    assert.equal(tally().open, 0);
    assert.deepEqual(app.suspicions(), []);
  });

  it('is a long timeout, which ends by itself', async () => {
    for (let i = 0; i < 80; i++) {
      await app.inRequest('GET /wait', () => kept.push(setTimeout(noop, 600_000).unref()));
      app.sweep(2);
    }
    app.sweep(40);
    assert.equal(tally().open, 80);
    assert.deepEqual(app.suspicions(), []);
  });

  it('is an interval of the process, made before any request', () => {
    for (let i = 0; i < 10; i++) kept.push(setInterval(noop, 60_000).unref());
    app.sweep(100);
    assert.deepEqual(app.suspicions(), []);
  });
});

describe('timers: what is counted', () => {
  it('intervals, and timeouts of 10 s and more', () => {
    kept.push(
      setInterval(noop, 10).unref(),
      setTimeout(noop, 10_000).unref(),
      setTimeout(noop, 9_999).unref(),
      setTimeout(noop, '20000' as unknown as number).unref(),
      setTimeout(noop).unref(),
    );
    assert.equal(tally().opened, 3);
  });

  it('by whatever name they are called', () => {
    const required = createRequire(import.meta.url)('timers') as typeof timersModule;
    kept.push(
      globalThis.setInterval(noop, 60_000).unref(),
      timersModule.setInterval(noop, 60_000).unref(),
      required.setInterval(noop, 60_000).unref(),
    );
    assert.equal(tally().opened, 3);
  });
});

describe('timers: first do no harm', () => {
  it('passes arguments and results through', async () => {
    const seen = await new Promise((resolve) => setTimeout((...args: unknown[]) => resolve(args), 1, 'a', 'b'));
    assert.deepEqual(seen, ['a', 'b']);
    assert.throws(() => setInterval(undefined as unknown as () => void, 1), /callback/);
  });

  it('leaves `promisify` and `await` as they are', async () => {
    assert.equal(await promisify(setTimeout)(1, 'value'), 'value');
    assert.equal(setTimeout.name, 'setTimeout');
  });

  it('gives back the globals and both views of the module', () => {
    app.detach();
    const views = (): unknown => [
      Object.getOwnPropertyDescriptor(globalThis, 'setInterval'),
      Object.getOwnPropertyDescriptor(globalThis, 'setTimeout'),
      { ...timersModule },
      Object.getOwnPropertyDescriptors(createRequire(import.meta.url)('timers') as object),
    ];
    const before = views();
    app = observed({ hooks: [timers] });
    assert.notDeepEqual(views(), before);
    app.detach();
    assert.deepEqual(views(), before);
  });

  it('keeps no cleared timer and none of its closure', async () => {
    const refs = (() => {
      const held = { of: 'the app' };
      const timer = setInterval(() => void held, 60_000);
      clearInterval(timer);
      return [new WeakRef(held), new WeakRef(timer)];
    })();
    app.sweep();
    await collectGarbage();
    assert.deepEqual(
      refs.map((ref) => ref.deref()),
      [undefined, undefined],
    );
  });
});
