import type { HeapFloor } from '../lifetime/heap-floors.ts';
import { MemoryBaseline } from './memory-baseline.ts';
import { type MemoryLimit, type MemoryOutlook, memoryOutlook } from './memory-outlook.ts';
import { type MemorySample, MemorySeries } from './memory-series.ts';
import type { MemoryFacts } from './memory-thresholds.ts';
import { UsualMemory } from './memory-usual.ts';

/** What is read of the memory at one moment. */
export interface MemoryNow {
  readonly rssBytes: number;
  readonly heapFloor: HeapFloor | undefined;
  readonly limits: readonly MemoryLimit[];
}

/** What one process remembers of its memory: samples, what they start from, what is usual, and where they lead. */
export class MemoryRecord {
  readonly series = new MemorySeries();
  readonly baseline: MemoryBaseline;
  readonly usual = new UsualMemory();
  readonly #spanMs: number;
  #outlook: MemoryOutlook = { growth: new Map(), fastest: undefined, exhaustion: undefined };
  #judged = 0;

  /** @param spanMs the window of the baseline, and for how long growth must go on to be established */
  constructor(spanMs: number) {
    this.#spanMs = spanMs;
    this.baseline = new MemoryBaseline(spanMs);
  }

  add(sample: MemorySample): void {
    this.series.add(sample);
    this.baseline.update(this.series);
    // a leak must not become usual
    if (this.#outlook.fastest === undefined) this.usual.add(sample.rssBytes);
  }

  /** As of the last sample. */
  get outlook(): MemoryOutlook {
    return this.#outlook;
  }

  /** Looks where it leads, if there is a new sample. */
  *judge(now: MemoryNow): Generator<undefined, void> {
    if (this.series.added === this.#judged) return;
    this.#judged = this.series.added;
    this.#outlook = yield* memoryOutlook(this.series, now, this.#spanMs, new Set(this.#outlook.growth.keys()));
  }

  facts(now: MemoryNow): MemoryFacts {
    return { ...now, baseline: this.baseline.value, usual: this.usual.levels, outlook: this.#outlook };
  }
}
