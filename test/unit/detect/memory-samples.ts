import type { MemoryLimit } from '../../../src/detect/memory-outlook.ts';
import type { MemorySample } from '../../../src/detect/memory-series.ts';
import type { MemoryThresholds } from '../../../src/detect/memory-thresholds.ts';

export const mb = 1e6;
export const minuteMs = 60_000;

/** A sample of a quiet process of 100 MB. */
export const sampleOf = (change: Partial<MemorySample> = {}): MemorySample => ({
  atMs: 0,
  rssBytes: 100 * mb,
  heapUsedBytes: 40 * mb,
  heapTotalBytes: 60 * mb,
  heapFloorBytes: undefined,
  inFlight: 0,
  startedPerS: 0,
  ...change,
});

export const hostLimit: MemoryLimit = { source: 'host', bytes: 24_000 * mb, usedBytes: 2_000 * mb };
export const heapLimit: MemoryLimit = { source: 'v8', bytes: 4_300 * mb, usedBytes: 40 * mb };

export const defaultThresholds: MemoryThresholds = {
  sort: 'limit',
  limitRatio: { warning: 0.8, critical: 0.9 },
  exhaustionHours: { warning: 24, critical: 1 },
  aboveBaselineBytes: { warning: 256 * mb, critical: 512 * mb },
  growthBytesPerHour: { warning: 50 * mb, critical: 100 * mb },
};
