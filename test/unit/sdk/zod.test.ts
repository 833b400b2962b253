import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type * as Zod from 'zod';
import { ownZod } from '../../../src/sdk/zod.ts';

test('zod: outlive’s own leaves neither a global nor a loaded module behind, and the app’s is whole', () => {
  const require = createRequire(import.meta.url);
  const globals = Object.getOwnPropertyNames(globalThis);
  const modules = Object.keys(require.cache);
  const zod = ownZod();
  assert.equal(zod.string().safeParse(1).success, false);
  assert.deepEqual(Object.getOwnPropertyNames(globalThis), globals);
  assert.deepEqual(Object.keys(require.cache), modules);
  assert.equal(ownZod(), zod, 'loaded once');

  const ofApp = require('zod') as typeof Zod;
  assert.notEqual(ofApp, zod);
  const named = ofApp.string().register(ofApp.globalRegistry, { title: 'name' });
  assert.equal(ofApp.globalRegistry.get(named)?.title, 'name');
  assert.equal(zod.string().safeParse('x').success, true, 'and outlive’s goes on');
});
