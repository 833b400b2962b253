import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedReading } from '../../../src/sdk/shared-reading.ts';

test('shared reading: a second reader gets the figures of the first, and both new ones half a second later', () => {
  let nowMs = 0;
  let readings = 0;
  const read = sharedReading(
    () => ++readings,
    () => nowMs,
  );
  assert.deepEqual([read(), read()], [1, 1]);
  nowMs = 499;
  assert.equal(read(), 1);
  nowMs = 500;
  assert.deepEqual([read(), read()], [2, 2]);
});
