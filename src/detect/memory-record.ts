import type { HeapFloor } from '../lifetime/heap-floors.ts';
import { MemoryBaseline } from './memory-baseline.ts';
import { type MemoryLimit, type MemoryOutlook, memoryOutlook } from './memory-outlook.ts';
import { type MemorySample, MemorySeries } from './memory-series.ts';
import type { MemoryFacts } from './memory-thresholds.ts';
import { UsualMemory } from './memory-usual.ts';

/** Looks at where it leads, in one span. */
const looksInSpan = 5;
/** And in a life, and in what is left of it: more would tell little new, and each is one more chance to err. At least one in a span. */
const looksInLife = 60;
/** Spans after the start before which no forecast is made: an hour and a half in production. */
const settleSpans = 18;
/** Who asks for a baseline in less waits for the answer: a test, a trial. */
const leastPatientMs = 60_000;
const msPerHour = 3_600_000;

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
  #judgedMs = -Infinity;
  #firstMs: number | undefined;

  /** @param spanMs the window of the baseline, and for how long growth must go on to be established */
  constructor(spanMs: number) {
    this.#spanMs = spanMs;
    this.baseline = new MemoryBaseline(spanMs);
  }

  add(sample: MemorySample): void {
    this.#firstMs ??= sample.atMs;
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
    const { added, latest } = this.series;
    const sinceMs = (latest?.atMs ?? 0) - this.#judgedMs;
    if (added === this.#judged || sinceMs < this.#pauseMs) return;
    this.#judged = added;
    this.#judgedMs = latest?.atMs ?? 0;
    const outlook = yield* memoryOutlook(this.series, now, this.#spanMs, new Set(this.#outlook.growth.keys()));
    this.#outlook = this.#hasSettled ? outlook : { ...outlook, exhaustion: undefined };
  }

  /** Until the next look. */
  get #pauseMs(): number {
    const leftMs = msPerHour * (this.#outlook.exhaustion?.hours ?? Infinity);
    const pauseMs = Math.min(this.#ageMs, leftMs) / looksInLife;
    return Math.min(this.#spanMs, Math.max(this.#spanMs / looksInSpan, pauseMs));
  }

  /** What warms up and fills after a start leads nowhere, and looks until then as if it did. */
  get #hasSettled(): boolean {
    return this.#spanMs < leastPatientMs || this.#ageMs >= settleSpans * this.#spanMs;
  }

  get #ageMs(): number {
    return (this.series.latest?.atMs ?? 0) - (this.#firstMs ?? 0);
  }

  facts(now: MemoryNow): MemoryFacts {
    const { usual } = this;
    return {
      ...now,
      baseline: this.baseline.value,
      // they are sorted for it, and it is seldom asked for
      get usual() {
        return usual.levels;
      },
      outlook: this.#outlook,
    };
  }
}
