import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goesOnAllLife } from '../../../src/detect/heap-lifelong.ts';

const floors = (bytesAt: (minute: number) => number) =>
  Array.from({ length: 120 }, (_, minute) => ({ atMs: minute * 60_000, bytes: bytesAt(minute), codeBytes: 1e6 }));
const goesOn = (bytesAt: (minute: number) => number): boolean => goesOnAllLife(floors(bytesAt), 0, 119 * 60_000);

describe('heap growth over a whole life', () => {
  it('goes on where something leaks, from the start, late, or after a warm-up', () => {
    assert.ok(goesOn((minute) => 1e5 * minute));
    assert.ok(goesOn((minute) => 1e5 * Math.max(0, minute - 70)));
    assert.ok(goesOn((minute) => 1e5 * minute + 5e7 * (1 - Math.exp(-minute / 5))));
  });

  it('does not where a cache meets ever fewer new keys, or something fills up', () => {
    assert.ok(!goesOn((minute) => 1e7 * Math.log1p(minute)));
    assert.ok(!goesOn((minute) => 1e7 * Math.sqrt(minute)));
    assert.ok(!goesOn((minute) => 5e7 * (1 - Math.exp(-minute / 40))));
  });
});
