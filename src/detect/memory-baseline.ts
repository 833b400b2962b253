import type { MemorySeries } from './memory-series.ts';
import { median } from './statistics/median.ts';

const minSamples = 5;

/** What a process holds while nothing is wrong: the median of its resident memory and heap over a window that is spanned. */
export interface Baseline {
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
}

/**
 * Set by the first window that is complete, or by an earlier run of the process; lowered where a later window holds
 * less, for then the first one was still busy with its start. It never rises: a leak would take it along.
 */
export class MemoryBaseline {
  readonly #windowMs: number;
  #baseline: Baseline | undefined;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  get value(): Baseline | undefined {
    return this.#baseline;
  }

  /** Takes the place of what this run has seen so far. */
  restore(earlier: Baseline): void {
    this.#baseline = earlier;
  }

  update(series: MemorySeries): void {
    const now = baselineOf(series, this.#windowMs);
    if (now === undefined) return;
    const { rssBytes, heapUsedBytes } = this.#baseline ?? now;
    this.#baseline = {
      rssBytes: Math.min(rssBytes, now.rssBytes),
      heapUsedBytes: Math.min(heapUsedBytes, now.heapUsedBytes),
    };
  }
}

/** The median over the last `windowMs`; `undefined` for fewer than 5 samples, or before they span it. */
export function baselineOf(series: MemorySeries, windowMs: number): Baseline | undefined {
  const { samples, latest } = series;
  const [first] = samples;
  if (first === undefined || latest === undefined || latest.atMs - first.atMs < windowMs) return undefined;
  const window = series.within(windowMs);
  if (window.length < minSamples) return undefined;
  return {
    rssBytes: medianOf(window.map(({ rssBytes }) => rssBytes)),
    heapUsedBytes: medianOf(window.map(({ heapUsedBytes }) => heapUsedBytes)),
  };
}

const medianOf = (values: readonly number[]): number => median(values.toSorted((a, b) => a - b));
