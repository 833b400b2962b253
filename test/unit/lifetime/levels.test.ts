import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Levels, windowSweeps } from '../../../src/lifetime/levels.ts';

const followed = (sweeps: number, level: (sweep: number) => number): Levels => {
  const levels = new Levels();
  for (let i = 0; i < sweeps; i++) levels.add(level(i), i);
  return levels;
};

test('levels: a window says its lowest and highest level', () => {
  const levels = followed(2 * windowSweeps, (i) => i);
  assert.deepEqual(levels.windows, [
    { min: 0, max: 7, endedMs: 7 },
    { min: 8, max: 15, endedMs: 15 },
  ]);
  assert.equal(levels.window(0)?.min, 8);
  assert.equal(levels.window(2), undefined);
});

test('levels: at most 32 windows are kept, however long it is followed', () => {
  assert.equal(followed(100_000, (i) => i % 100).windows.length, 32);
});

test('levels: a first rise is beyond all past', () => assert.equal(followed(50, (i) => i).beyondPast, true));

test('levels: a rise like one that fell again is not, one that is half as high again is', () => {
  const sawtooth = (i: number): number => i % 50;
  assert.equal(followed(140, sawtooth).beyondPast, false);
  assert.equal(followed(150, (i) => (i < 100 ? sawtooth(i) : 3 * (i - 100))).beyondPast, true);
});

test('levels: nor is one that takes as long, but one that takes more than twice as long', () => {
  const level = (i: number): number => (i < 40 ? 10 * (i % 20) : i - 40);
  assert.equal(followed(75, level).beyondPast, false);
  assert.equal(followed(120, level).beyondPast, true);
});
