import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainedBytes } from '../../../src/detect/heap-explained.ts';

test('what is left open may hold 128 KB each, and what is in its buffers', () => {
  assert.equal(explainedBytes([{ kind: 'timer', count: 10, bytes: 500 }]), 10 * 128 * 1024 + 500);
});

test('what says that memory grows, or that work waits, explains nothing', () => {
  assert.equal(
    explainedBytes([
      { kind: 'heap', count: 10, bytes: 1e9 },
      { kind: 'context', count: 10, bytes: 0 },
      { kind: 'http.request', count: 10, bytes: 0 },
    ]),
    0,
  );
});
