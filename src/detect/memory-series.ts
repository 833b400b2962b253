/** One look at memory, with the load it was taken under. */
export interface MemorySample {
  /** On the monotonic clock. */
  readonly atMs: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  /** Committed for the heap, used or not. */
  readonly heapTotalBytes: number;
  /** What lives in the heap, read right after a major collection; `undefined` at any other time. */
  readonly heapFloorBytes: number | undefined;
  /** Pieces of work under way. */
  readonly inFlight: number;
  /** Pieces of work that began, a second, since the sample before. */
  readonly startedPerS: number;
}

export const maxSamples = 1000;

/** The last 1,000 samples, oldest first. */
export class MemorySeries {
  readonly #samples: MemorySample[] = [];
  /** Samples ever added: changes when there is something new to judge. */
  added = 0;

  get samples(): readonly MemorySample[] {
    return this.#samples;
  }

  get latest(): MemorySample | undefined {
    return this.#samples.at(-1);
  }

  add(sample: MemorySample): void {
    if (this.#samples.length >= maxSamples) this.#samples.shift();
    this.#samples.push(sample);
    this.added++;
  }

  /** The samples of the last `spanMs`. */
  within(spanMs: number): readonly MemorySample[] {
    const fromMs = (this.latest?.atMs ?? 0) - spanMs;
    return this.#samples.slice(this.#samples.findLastIndex(({ atMs }) => atMs < fromMs) + 1);
  }
}
