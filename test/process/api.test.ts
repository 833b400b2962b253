import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import {
  adopt,
  findings,
  flush,
  onFinding,
  type OutliveError,
  type OutliveHandle,
  scope,
  shutdown,
  snapshot,
  start,
  task,
  touch,
  track,
  trackGenerator,
  watchQueue,
} from '../../src/index.ts';

class Session {
  closed = false;
  close(): string {
    this.closed = true;
    return 'closed';
  }
}

const openOf = (kind: string): number => snapshot().kinds.find((one) => one.kind === kind)?.open ?? 0;
const rejected = (code: string) => (error: unknown) => (error as OutliveError).code === code;

describe('before the start', () => {
  test('every call passes its work through and is a no-op otherwise', async () => {
    assert.equal(
      scope('job', () => 7),
      7,
    );
    assert.equal(await task('mail', async () => 8), 8);
    assert.deepEqual(findings(), []);
    assert.deepEqual(snapshot().kinds, []);
    track(new Session(), { end: 'close' }).end();
    await flush();
    await shutdown();
  });
});

describe('started', () => {
  let handle: OutliveHandle;
  before(() => {
    handle = start({ tier: 'development', stderr: 'off', sweepIntervalMs: 50 });
  });
  after(() => handle.shutdown());

  test('a second start is an error, a bad option too, each with its code', () => {
    assert.throws(() => start(), rejected('OUTLIVE_ALREADY_STARTED'));
  });

  test('a scope gives back what its work gives, throws what it throws, and is active meanwhile', async () => {
    const failure = new Error('of the app');
    assert.equal(
      scope('sync', () => 1),
      1,
    );
    assert.throws(
      () =>
        scope('throws', () => {
          throw failure;
        }),
      (error) => error === failure,
    );
    await assert.rejects(
      scope('rejects', async () => {
        throw failure;
      }),
      (error) => error === failure,
    );
    const active = scope('outer', () => scope('inner', () => snapshot().scopes));
    assert.deepEqual([active['outer'], active['inner']], [1, 1]);
    assert.equal(snapshot().scopes['outer'], 0);
  });

  test('a tracked thing ends by its method, by its handle and at the end of its block', () => {
    const session = new Session();
    const opened = openOf('client');
    track(session, { end: 'close' });
    const handled = track({}, { name: 'lock' });
    const block = track({}, { name: 'block' });
    assert.equal(openOf('client'), opened + 3);
    assert.equal(session.close(), 'closed');
    handled.end();
    block[Symbol.dispose]();
  });

  test('what is tracked wrongly is told with the argument, the rule and the value', () => {
    assert.throws(() => track(3 as unknown as object), rejected('OUTLIVE_BAD_ARGUMENT'));
    assert.throws(() => track({}, { end: 'close' }), rejected('OUTLIVE_BAD_ARGUMENT'));
    assert.throws(() => track({}, { limitMs: -1 }), rejected('OUTLIVE_BAD_ARGUMENT'));
    assert.throws(() => trackGenerator({} as AsyncIterator<unknown>), rejected('OUTLIVE_BAD_ARGUMENT'));
    assert.throws(() => watchQueue('q', {} as { size(): number }), rejected('OUTLIVE_BAD_ARGUMENT'));
  });

  test('a tracked iterator gives every value on and passes its end through', async () => {
    const source = { n: 0, next: async () => ({ done: source.n >= 3, value: source.n++ }) };
    const seen: unknown[] = [];
    for await (const value of trackGenerator(source)) seen.push(value);
    assert.deepEqual(seen, [0, 1, 2]);
  });

  test('sessions that each job leaves open are found, with the line that tracked them; a listener that throws is harmless', async () => {
    const held: Session[] = [];
    const off = onFinding(() => {
      throw new Error('of a listener');
    });
    const found = new Promise<string>((resolve) => {
      onFinding(({ type, place }) => resolve(`${type} ${place?.file ?? ''}`));
    });
    const job = () =>
      scope('job', () => {
        const session = new Session();
        held.push(session);
        track(session, { kind: 'lease', name: 'Session', end: 'close', limitMs: 200 });
      });
    const jobs = setInterval(job, 20);
    assert.match(
      await Promise.race([found, delay(20_000, 'nothing', { ref: false })]),
      /unreleased_lease test\/process\/api\.test\.ts/,
    );
    clearInterval(jobs);
    assert.ok(findings().length > 0);
    for (const session of held) session.close();
    off();
  });

  test('what is adopted or touched is given back as it is', () => {
    const thing = {};
    assert.equal(adopt(thing, 'one for the process'), thing);
    touch(thing, 'in use');
  });
});

test('after the shutdown nothing is observed, and a new start is free', async () => {
  assert.deepEqual(snapshot().kinds, []);
  const again = start({ tier: 'production', stderr: 'off' });
  await again.shutdown();
  await again.shutdown();
});
