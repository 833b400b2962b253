import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newKeyShare } from '../../../bench/detection/zipf.ts';

test('the share of new keys is that of the sum over all keys, within 5 %', () => {
  const keys = 2000;
  const weights = Array.from({ length: keys }, (_, k) => 1 / (k + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const draws of [20, 200, 2000, 20_000, 60_000]) {
    const exact = weights.reduce((sum, weight) => sum + (weight / total) * Math.exp((-draws * weight) / total), 0);
    const share = newKeyShare(draws, keys);
    assert.ok(Math.abs(share / exact - 1) < 0.05, `${draws} draws: ${share}, not ${exact}`);
  }
});
