import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPending, watchPromiseBirths } from '../../../src/runtime/promise-births.ts';

test('promise births: made ones are told, chained ones are not, and nothing after the end', async () => {
  const born: object[] = [];
  const end = watchPromiseBirths((promise) => born.push(promise));
  const made = new Promise<void>(() => {});
  const inAsync = (async () => made)();
  const chained = made.then(() => 1);
  const race = Promise.race([made, chained]);
  end();
  const late = Promise.resolve();
  assert.ok(born.includes(made) && born.includes(inAsync) && born.includes(race));
  assert.ok(!born.includes(chained) && !born.includes(late));
});

test('promise births: pending is told from settled without touching the promise', async () => {
  const settled = Promise.resolve({ '<pending>': true });
  const failed = Promise.reject(new Error('of the app'));
  failed.catch(() => {});
  const odd = new Promise<void>(() => {});
  const runs = { get: () => assert.fail('code of the app was run') };
  Reflect.defineProperty(odd, Symbol.for('nodejs.util.inspect.custom'), runs);
  Reflect.defineProperty(odd, 'other', { ...runs, enumerable: true });
  class OfLibrary extends Promise<void> {}
  assert.deepEqual([settled, failed, {}, { '<pending>': 1 }].map(isPending), [false, false, false, false]);
  assert.deepEqual([odd, new OfLibrary(() => {})].map(isPending), [true, true]);
});
