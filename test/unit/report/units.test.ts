import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesText, countedText, countText, durationText, figureText, timeText } from '../../../src/report/units.ts';

const cases = <T>(text: (value: T) => string, expected: readonly (readonly [T, string])[]): void => {
  for (const [value, said] of expected) assert.equal(text(value), said);
};

test('durations are told in two units at most', () => {
  cases(durationText, [
    [0, '0 ms'],
    [850, '850 ms'],
    [999.7, '1 s'],
    [4_200, '4.2 s'],
    [9_960, '10 s'],
    [59_700, '1 min'],
    [252_000, '4 min 12 s'],
    [599_700, '10 min'],
    [48 * 60_000, '48 min'],
    [3_600_000, '1 h'],
    [12_000_000, '3 h 20 min'],
    [5 * 86_400_000 + 3 * 3_600_000, '5 d 3 h'],
    [NaN, '?'],
    [Infinity, '?'],
    [-1, '?'],
  ]);
});

test('bytes are told in powers of a thousand', () => {
  cases(bytesText, [
    [0, '0 B'],
    [512, '512 B'],
    [999.9, '1 kB'],
    [1_500, '1.5 kB'],
    [3_100_000, '3.1 MB'],
    [999_700, '1 MB'],
    [12_400_000_000, '12 GB'],
    [9e15, '9000 TB'],
    [-1_500, '-1.5 kB'],
    [NaN, '?'],
  ]);
});

test('counts are grouped and have their plural', () => {
  cases(countText, [
    [0, '0'],
    [999, '999'],
    [1204, '1,204'],
    [1_234_567.4, '1,234,567'],
  ]);
  assert.equal(countedText(1, ['stream', 'streams']), '1 stream');
  assert.equal(countedText(0, ['stream', 'streams']), '0 streams');
});

test('figures have the digits that mean something', () => {
  cases(figureText, [
    [0, '0'],
    [0.4234, '0.42'],
    [21.27, '21.3'],
    [1230.4, '1,230'],
    [NaN, '?'],
  ]);
});

test('a time is told in UTC', () => {
  assert.equal(timeText(Date.UTC(2026, 10, 21, 2, 14, 7)), '2026-11-21 02:14:07 UTC');
  assert.equal(timeText(Infinity), '?');
});
