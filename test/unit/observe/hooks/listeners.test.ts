import assert from 'node:assert/strict';
import { EventEmitter, getEventListeners, once, setMaxListeners } from 'node:events';
import { afterEach, describe, test } from 'node:test';
import { ListenerPiles } from '../../../../src/lifetime/listener-piles.ts';
import { listeners } from '../../../../src/observe/hooks/listeners.ts';
import { collectGarbage, observed } from '../observed.ts';

let detach = (): void => {};
afterEach(() => detach());

function observedPiles() {
  const piles = new ListenerPiles();
  const o = observed({ hooks: [listeners(piles)] });
  detach = o.detach;
  const look = (sweeps = 1): void => {
    for (let i = 0; i < sweeps; i++) {
      o.sweep();
      for (const _ of piles.look(o.ledger.sweepCount, o.ledger.nowMs, 0));
    }
  };
  return { ...o, piles, look };
}

const noop = (): (() => void) => () => {};

describe('listeners: what is kept', () => {
  test('nothing is kept of an emitter below 32 listeners of one event', () => {
    const { piles } = observedPiles();
    const emitter = new EventEmitter().setMaxListeners(0);
    for (let i = 0; i < 31; i++) {
      emitter.on('tick', noop());
      emitter.on('tock', noop());
    }
    assert.deepEqual([...piles], []);
    emitter.prependOnceListener('tick', noop());
    assert.deepEqual(
      [...piles].map(({ name }) => name),
      ["EventEmitter 'tick'"],
    );
  });

  test('signals and other event targets pile up as well', () => {
    const { piles, look } = observedPiles();
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    for (let i = 0; i < 50; i++) signal.addEventListener('abort', noop());
    look();
    const [pile] = piles;
    assert.equal(pile?.name, "AbortSignal 'abort'");
    assert.equal(pile.levels.level, 50);
  });

  test('the line that adds is known, and whether what it adds stays', async () => {
    const { piles, look } = observedPiles();
    const bus = new EventEmitter().setMaxListeners(0);
    for (let i = 0; i < 40; i++) bus.on('quote', noop());
    for (let sweep = 0; sweep < 30; sweep++) {
      const passing = noop();
      for (let i = 0; i < 4; i++) bus.on('quote', passing);
      look();
      for (let i = 0; i < 4; i++) bus.off('quote', passing);
      for (let i = 0; i < 4; i++) bus.on('quote', noop());
    }
    look(25);
    const [pile] = piles;
    const places = [...(pile?.places ?? [])].filter(({ kept, left }) => kept + left > 0);
    assert.ok(places.every(({ site }) => site?.frame.file.endsWith('listeners.test.ts')));
    assert.ok(
      places.some(({ kept, left }) => kept === 0 && left > 0),
      'the line whose listeners come off',
    );
    assert.ok(
      places.some(({ kept, left }) => kept > 0 && left === 0),
      'the line whose listeners stay',
    );
  });

  test('neither the emitter nor a listener is retained', async () => {
    const { piles, look } = observedPiles();
    const collectable = (): WeakRef<object>[] => {
      const [bus, held] = [new EventEmitter().setMaxListeners(0), { size: 1 }];
      for (let i = 0; i < 200; i++) bus.on('quote', () => held);
      look(3);
      return [new WeakRef(bus), new WeakRef(held)];
    };
    const refs = collectable();
    await collectGarbage();
    assert.deepEqual(
      refs.map((ref) => ref.deref()),
      [undefined, undefined],
    );
    look();
    assert.deepEqual([...piles], []);
  });

  test('at most 512 piles are kept, the rest is counted', () => {
    const { piles, look } = observedPiles();
    const emitters = Array.from({ length: 600 }, () => new EventEmitter().setMaxListeners(0));
    for (const emitter of emitters) for (let i = 0; i < 33; i++) emitter.on('tick', noop());
    assert.equal([...piles].length, 512);
    assert.ok(piles.dropped >= 88);
    look();
    for (const emitter of emitters) emitter.removeAllListeners();
    look();
    const late = new EventEmitter().setMaxListeners(0);
    for (let i = 0; i < 33; i++) late.on('late', noop());
    assert.ok(
      [...piles].some(({ name }) => name.includes('late')),
      'a pile that shrank makes room',
    );
  });

  test('names of events are cleaned: no ids, no control characters, not long', () => {
    const { piles } = observedPiles();
    const named = (event: string | symbol): string | undefined => {
      const emitter = new EventEmitter().setMaxListeners(0);
      for (let i = 0; i < 33; i++) emitter.on(event, noop());
      return [...piles].at(-1)?.name;
    };
    assert.equal(named('order:471100'), "EventEmitter 'order:*'");
    assert.equal(named('session 7d0f2a9c-5a2e-4f6b-9c40-1d2f3a4b5c6d done'), "EventEmitter 'session * done'");
    assert.equal(named('a\nb\u0000'), "EventEmitter 'a b'");
    assert.equal(named(Symbol('drained')), "EventEmitter 'drained'");
    assert.equal(named('x'.repeat(500))?.length, "EventEmitter ''".length + 40);
  });
});

describe('listeners: the host sees no difference', () => {
  test('adds return, count, warn, order and remove as before', async () => {
    observedPiles();
    const emitter = new EventEmitter().setMaxListeners(0);
    const seen: number[] = [];
    for (let i = 0; i < 64; i++)
      assert.equal(
        emitter.on('n', () => seen.push(i)),
        emitter,
      );
    emitter.prependListener('n', () => seen.push(-1));
    emitter.once('n', () => seen.push(64));
    emitter.emit('n');
    assert.deepEqual(seen, [-1, ...Array.from({ length: 65 }, (_, i) => i)]);
    assert.equal(emitter.listenerCount('n'), 65);
    queueMicrotask(() => emitter.emit('late', 7));
    assert.deepEqual(await once(emitter, 'late'), [7]);
    assert.throws(() => emitter.on('n', 1 as never), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.equal(EventEmitter.prototype.on, EventEmitter.prototype.addListener);
    assert.equal(EventEmitter.prototype.on.name, 'addListener');
    assert.equal(EventEmitter.prototype.on.length, 2);
  });

  test('event targets take the same arguments', () => {
    observedPiles();
    const target = new EventTarget();
    setMaxListeners(0, target);
    const { signal } = new AbortController();
    let heard = 0;
    const listener = { handleEvent: () => heard++ };
    for (let i = 0; i < 40; i++) target.addEventListener('go', () => heard++, { once: true, signal });
    target.addEventListener('go', listener);
    target.addEventListener('go', null as never);
    target.dispatchEvent(new Event('go'));
    assert.equal(heard, 41);
    assert.equal(getEventListeners(target, 'go').length, 1);
  });

  test('odd emitters are left alone', () => {
    observedPiles();
    const bare = Object.create(null) as { on?: EventEmitter['on'] };
    for (let i = 0; i < 40; i++) EventEmitter.prototype.on.call(bare as never, 'x', noop());
    const asEvent = { toString: () => 'x' } as unknown as string;
    const emitter = new EventEmitter().setMaxListeners(0);
    for (let i = 0; i < 40; i++) emitter.on(asEvent, noop());
    assert.equal(emitter.listenerCount('x'), 40);
  });

  test('detach puts Node back to the last property', () => {
    const prototypes = [EventEmitter.prototype, EventTarget.prototype];
    const before = prototypes.map((prototype) => Object.getOwnPropertyDescriptors(prototype));
    const o = observedPiles();
    assert.notEqual(EventEmitter.prototype.on, before[0]?.['on']?.value);
    o.detach();
    for (const [i, prototype] of prototypes.entries()) {
      for (const key of Reflect.ownKeys(prototype)) {
        const { value, ...attributes } = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
        const { value: valueBefore, ...attributesBefore } = before[i]?.[key as string] ?? {};
        assert.equal(value, valueBefore, String(key));
        assert.deepEqual(attributes, attributesBefore, String(key));
      }
    }
  });
});
