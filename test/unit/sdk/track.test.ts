import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Outlived } from '../../../src/detect/outlived.ts';
import { Overdue } from '../../../src/detect/overdue.ts';
import { OutliveError } from '../../../src/sdk/outlive-error.ts';
import { scope } from '../../../src/sdk/scope.ts';
import { shutdown } from '../../../src/sdk/start.ts';
import { touch, track } from '../../../src/sdk/track.ts';
import { until } from '../observe/served.ts';
import { collectGarbage } from '../observe/observed.ts';
import { engine, startedForEach, sweep } from './started.ts';
import { chargesOf } from '../detect/charges-of.ts';

startedForEach();
class Session {
  closed = 0;
  close(): string {
    this.closed++;
    return 'closed';
  }
}
const bareClose = Object.getOwnPropertyDescriptor(Session.prototype, 'close');
const tally = () => engine().ledger.tallyOf('client');
const kept: object[] = [];
afterEach(() => void kept.splice(0));
const session = (): Session => {
  const made = new Session();
  kept.push(made);
  return made;
};

describe('track', () => {
  it('follows a thing until its handle says that it ended', () => {
    const handle = track(session());
    assert.equal(tally().open, 1);
    handle.end();
    handle.end();
    sweep();
    assert.deepEqual([tally().open, tally().released], [0, 1]);
  });

  it('follows it until the method is called that ends it', () => {
    const tracked = session();
    track(tracked, { end: 'close' });
    const other = session();
    track(other, { end: 'close' });
    assert.equal(tracked.close(), 'closed');
    sweep();
    assert.deepEqual([tally().open, tracked.closed, other.closed], [1, 1, 0]);
  });

  it('follows it until that method is called on a Proxy around it', async () => {
    const tracked = session();
    track(tracked, { end: 'close' });
    assert.equal(new Proxy(tracked, {}).close(), 'closed');
    await until(() => {
      sweep();
      return tally().open === 0;
    });
    assert.equal(tally().released, 1);
  });

  it('lets the method be called on nothing, as without outlive', () => {
    class Plain {
      static calls = 0;
      close(): string {
        return `closed ${++Plain.calls}`;
      }
    }
    const plain = new Plain();
    kept.push(plain);
    track(plain, { end: 'close' });
    const { close } = plain;
    assert.equal(Reflect.apply(close, undefined, []), 'closed 1');
  });

  it('follows it until the end of the block that uses it', () => {
    {
      const handle = track(session());
      handle[Symbol.dispose]();
    }
    sweep();
    assert.equal(tally().open, 0);
  });

  it('tells of those that outlive their request, with the line of the call and the missing one', () => {
    for (let i = 0; i < 100; i++) {
      scope('GET /bill', () => void track(session(), { name: 'BillingSession', end: 'close' }));
      sweep();
    }
    sweep(32);
    const { ledger } = engine();
    const rule = new Outlived(ledger);
    const check = () => chargesOf(rule, ledger.sweepCount, ledger.nowMs).map(({ suspicion }) => suspicion);
    const [suspicion] = check();
    assert.deepEqual([suspicion?.type, suspicion?.resourceType], ['leaked_client', 'BillingSession']);
    assert.match(suspicion?.site?.frame.file ?? '', /track\.test\.ts$/);
    assert.match(suspicion?.advice ?? '', /`close\(\)`/);
    for (const each of kept) (each as Session).close();
    sweep();
    assert.deepEqual(check(), []);
  });

  it('adopts what is touched after its request', () => {
    const tracked = scope('GET /first', () => {
      const made = session();
      track(made);
      return made;
    });
    for (let i = 0; i < 8; i++) {
      touch(tracked, 'heartbeat');
      sweep();
    }
    sweep(60);
    const origins = engine().ledger.types.flatMap((type) => [...type.origins]);
    assert.deepEqual(
      origins.map(({ adopted, standing }) => [adopted, standing]),
      [[1, 0]],
    );
  });

  it('tells of one alone that is held past its limit', () => {
    const { ledger } = engine();
    const rule = new Overdue(ledger);
    const handle = track(session(), { kind: 'lease', name: 'connection', limitMs: 60_000 });
    sweep(8);
    assert.equal(chargesOf(rule, ledger.sweepCount, ledger.nowMs).length, 1);
    handle.end();
    sweep();
    assert.deepEqual(chargesOf(rule, ledger.sweepCount, ledger.nowMs), []);
  });

  it('counts as abandoned what was collected un-ended', async () => {
    (() => void track(new Session()))();
    sweep();
    await collectGarbage();
    sweep();
    assert.deepEqual([tally().abandoned, tally().open], [1, 0]);
  });

  it('follows a thing once more when it is tracked again', () => {
    const tracked = session();
    track(tracked).end();
    sweep();
    track(tracked, { end: 'close' });
    assert.equal(tally().open, 1);
    tracked.close();
    sweep();
    assert.equal(tally().open, 0);
  });

  it('keeps neither the thing nor its class alive, nor an own method that ends it', async () => {
    const refs = (() => {
      class PerRequest {
        stop(): void {}
      }
      const one = new PerRequest();
      const two = { stop: () => {} };
      track(one, { end: 'stop' });
      track(two, { end: 'stop' });
      one.stop();
      two.stop();
      return [one, two, PerRequest.prototype].map((each) => new WeakRef(each));
    })();
    sweep();
    await collectGarbage();
    assert.deepEqual(
      refs.map((ref) => ref.deref()),
      [undefined, undefined, undefined],
    );
  });

  it('shows nothing of itself on the thing, and gives the method back at shutdown', async () => {
    const tracked = session();
    track(tracked, { end: 'close' });
    assert.deepEqual(Reflect.ownKeys(tracked), ['closed']);
    assert.equal(inspect(tracked, { showHidden: true }), 'Session { closed: 0 }');
    await shutdown();
    assert.deepEqual(Object.getOwnPropertyDescriptor(Session.prototype, 'close'), bareClose);
  });

  it('makes at most 200 types of as many names as come', () => {
    for (let i = 0; i < 1_000; i++) track(session(), { name: `session ${i}` }).end();
    assert.ok(engine().ledger.types.length <= 201);
  });

  for (const [what, thing, options] of [
    ['no object', 'session', {}],
    ['nothing', undefined, {}],
    ['an unknown kind', {}, { kind: 'strem' }],
    ['an end that is no method', {}, { end: 'close' }],
    ['a limit below zero', {}, { limitMs: -1 }],
    ['a limit that is no number', {}, { limitMs: Number.NaN }],
  ] as const) {
    it(`throws an OutliveError for ${what}, whether outlive runs or not`, async () => {
      const call = (): unknown => track(thing as never, options as never);
      const isRight = (error: unknown): boolean =>
        error instanceof OutliveError && error.code === 'OUTLIVE_BAD_ARGUMENT';
      assert.throws(call, isRight);
      await shutdown();
      assert.throws(call, isRight);
    });
  }

  it('and touch do nothing where outlive does not run, or with what was never tracked', async () => {
    touch(new Session());
    touch(undefined as unknown as object);
    await shutdown();
    track(new Session(), { end: 'close' }).end();
    touch(new Session());
    touch(undefined as unknown as object);
  });
});
