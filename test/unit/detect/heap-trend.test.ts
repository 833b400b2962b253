import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gainedBytes } from '../../../src/detect/heap-steps.ts';
import { heapTrend } from '../../../src/detect/heap-trend.ts';
import type { HeapFloor } from '../../../src/lifetime/heap-floors.ts';

const floors = (
  count: number,
  bytes: (i: number) => number,
  codeBytes: (i: number) => number = () => 5e6,
): HeapFloor[] =>
  Array.from({ length: count }, (_, i) => ({ atMs: 2000 * i, bytes: bytes(i), codeBytes: codeBytes(i) }));

const trendOf = (of: readonly HeapFloor[]) => heapTrend(of) ?? assert.fail('a trend');

describe('heap trend', () => {
  test('a steady rise has its slope, its rise and no saturation', () => {
    const { slope, riseBytes, spanMs, noiseBytes, lateOverEarly } = trendOf(floors(21, (i) => 1e7 + 50_000 * i));
    assert.equal(spanMs, 40_000);
    assert.ok(Math.abs(slope.value - 25) < 0.1);
    assert.ok(Math.abs(riseBytes - 1e6) < 5000);
    assert.ok(noiseBytes < 1);
    assert.ok(Math.abs(lateOverEarly - 1) < 0.01);
  });

  test('what warms up slows down', () => {
    const { lateOverEarly } = trendOf(floors(24, (i) => 1e7 + 2e6 * (1 - Math.exp(-i / 4))));
    assert.ok(lateOverEarly < 0.15, String(lateOverEarly));
  });

  test('a floor that only moves up and down has no slope to speak of, and tells its noise', () => {
    const { slope, noiseBytes } = trendOf(floors(24, (i) => 1e7 + (i % 2 === 0 ? 20_000 : -20_000)));
    assert.ok(slope.low <= 0 && slope.high >= 0);
    assert.ok(noiseBytes > 10_000 && noiseBytes < 60_000, String(noiseBytes));
  });

  test('what falls with a flush of code does not hide a leak', () => {
    const flushed = floors(
      24,
      (i) => 1e7 + 40_000 * i - (i >= 18 ? 400_000 : 0) - (i >= 19 ? 150_000 : 0),
      (i) => (i >= 18 ? 3.9e6 : 5e6),
    );
    const { slope } = trendOf(flushed);
    assert.ok(Math.abs(slope.value - 20) < 0.5, `${slope.value} bytes a ms`);
    assert.equal(gainedBytes(flushed), 23 * 40_000);
    assert.equal(gainedBytes(flushed, 32_000), 7 * 40_000);
  });

  test('what is level stays level over a flush', () => {
    const flushed = floors(
      8,
      (i) => 1e7 - (i >= 4 ? 400_000 : 0),
      (i) => (i >= 4 ? 3.9e6 : 5e6),
    );
    assert.equal(gainedBytes(flushed), 0);
  });

  test('what falls by more than the code does counts', () => {
    const letGo = floors(
      8,
      (i) => 1e7 - (i >= 4 ? 2e6 : 0) - (i >= 5 ? 3e6 : 0),
      (i) => (i >= 4 ? 3.9e6 : 5e6),
    );
    assert.equal(gainedBytes(letGo), -5e6 + 1.1e6);
  });

  test('a fall without a flush of code counts', () => {
    assert.equal(gainedBytes(floors(3, (i) => 1e7 - 100_000 * i)), -200_000);
  });

  test('fewer than five floors have no trend; five have', () => {
    assert.equal(heapTrend(floors(4, (i) => 1e7 + i)), undefined);
    assert.notEqual(heapTrend(floors(5, (i) => 1e7 + i)), undefined);
  });

  test('of many floors the lowest of neighbours count', () => {
    const { slope } = trendOf(floors(240, (i) => 1e7 + 1000 * i + (i % 5 === 0 ? 0 : 3e6)));
    assert.ok(Math.abs(slope.value - 0.5) < 0.05, String(slope.value));
  });
});
