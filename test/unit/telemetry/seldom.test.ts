import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Seldom } from '../../../src/telemetry/seldom.ts';

test('one line in five minutes, the next one says how many were kept back', () => {
  let nowMs = 0;
  const said: string[] = [];
  const seldom = new Seldom(
    300_000,
    () => nowMs,
    (line) => said.push(line),
  );
  for (let i = 0; i < 10; i++) seldom.say('down');
  assert.deepEqual(said, ['down']);
  nowMs = 299_999;
  seldom.say('down');
  nowMs = 300_000;
  seldom.say('still down');
  assert.deepEqual(said, ['down', 'still down (and 10 times before)']);
});
