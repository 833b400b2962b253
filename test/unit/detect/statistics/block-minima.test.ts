import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { blockMinima } from '../../../../src/detect/statistics/block-minima.ts';

test('block minima: the lowest of each block, at its own time, without what fills no block', () => {
  const x = [0, 1, 2, 3, 4, 5, 6];
  assert.deepEqual(blockMinima({ x, y: [5, 2, 9, 4, 7, 6, 0] }, 3), { x: [1, 3], y: [2, 4] });
});

test('block minima: times rise, and nothing in a block lies below its minimum', () => {
  const levels = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 60 });
  fc.assert(
    fc.property(levels, fc.integer({ min: 1, max: 9 }), (y, size) => {
      const minima = blockMinima({ x: y.map((_, i) => i), y }, size);
      assert.equal(minima.y.length, Math.floor(y.length / size));
      for (const [block, low] of minima.y.entries()) {
        assert.equal(low, Math.min(...y.slice(block * size, (block + 1) * size)));
        assert.equal(y[minima.x[block] ?? -1], low);
      }
      assert.ok(minima.x.every((at, i) => i === 0 || at > (minima.x[i - 1] ?? 0)));
    }),
  );
});
