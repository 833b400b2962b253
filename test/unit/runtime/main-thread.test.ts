import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { isMainThread } from '../../../src/runtime/main-thread.ts';

test('main thread: it is told from a worker', async () => {
  assert.equal(isMainThread, true);
  const url = new URL('../../../src/runtime/main-thread.ts', import.meta.url).href;
  const code = `import('${url}').then((m) => require('node:worker_threads').parentPort.postMessage(m.isMainThread))`;
  const [inWorker] = (await once(new Worker(code, { eval: true }), 'message')) as [unknown];
  assert.equal(inWorker, false);
});
