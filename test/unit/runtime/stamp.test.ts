import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect, isDeepStrictEqual } from 'node:util';
import { stamp } from '../../../src/runtime/stamp.ts';
import { collectGarbage } from '../observe/observed.ts';

describe('a stamp: a note on somebody else’s object', () => {
  it('is read back, and changed', () => {
    const notes = stamp<number>();
    const thing = {};
    assert.equal(notes.get(thing), undefined);
    notes.set(thing, 1);
    notes.set(thing, 2);
    assert.equal(notes.get(thing), 2);
    assert.equal(notes.get({}), undefined);
  });

  it('is added once', () => {
    const notes = stamp<number>();
    const thing = {};
    notes.add(thing, 1);
    assert.equal(notes.get(thing), 1);
    assert.throws(() => notes.add(thing, 2), TypeError);
    assert.equal(notes.get(thing), 1);
  });

  it('is independent of other stamps', () => {
    const [a, b] = [stamp<string>(), stamp<string>()];
    const thing = {};
    a.set(thing, 'a');
    assert.equal(b.get(thing), undefined);
    b.set(thing, 'b');
    assert.deepEqual([a.get(thing), b.get(thing)], ['a', 'b']);
  });

  for (const [what, thing] of [
    ['a frozen object', Object.freeze({})],
    ['an object without a prototype', Object.create(null) as object],
    ['a function', () => {}],
    ['an array', []],
    ['a typed array', new Uint8Array(1)],
  ] as const) {
    it(`works on ${what}`, () => {
      const notes = stamp<string>();
      notes.set(thing, 'note');
      assert.equal(notes.get(thing), 'note');
    });
  }

  it('runs no trap of a Proxy, and stays apart from its target', () => {
    const notes = stamp<string>();
    const forbidden = (): never => assert.fail('a trap ran');
    const target = {};
    const proxy = new Proxy(target, { get: forbidden, has: forbidden, set: forbidden, defineProperty: forbidden });
    notes.set(proxy, 'note');
    assert.equal(notes.get(proxy), 'note');
    assert.equal(notes.get(target), undefined);
  });

  it('is not seen by keys, inspect, spread, JSON, equality or structuredClone', () => {
    const notes = stamp<string>();
    const thing = { a: 1 };
    notes.set(thing, 'note');
    assert.deepEqual(Reflect.ownKeys(thing), ['a']);
    assert.equal(inspect(thing, { showHidden: true }), '{ a: 1 }');
    assert.equal(JSON.stringify(thing), '{"a":1}');
    assert.ok(isDeepStrictEqual(thing, { a: 1 }));
    assert.equal(notes.get({ ...thing }), undefined);
    assert.deepEqual(structuredClone(thing), { a: 1 });
  });

  it('keeps neither the object nor the note alive beyond the object', async () => {
    const notes = stamp<object>();
    const [thing, note] = (() => {
      const held = {};
      const noted = {};
      notes.set(held, noted);
      return [new WeakRef(held), new WeakRef(noted)];
    })();
    await collectGarbage();
    assert.deepEqual([thing.deref(), note.deref()], [undefined, undefined]);
  });
});
