import type { HeapProfiler, LiveAllocations } from '../../src/detect/heap-profiler.ts';
import type { Frame } from '../../src/lifetime/site.ts';
import type { Heap } from './heap.ts';
import type { Random } from './random.ts';

const readsPerHour = 12;
const codeBytes = 6e6;
/** The line that allocates for the holder of that number. */
export const frameOf = (holder: number): Frame => ({
  file: '/app/app.js',
  line: holder + 1,
  column: 1,
  fn: `hold${holder}`,
});

interface Sample {
  readonly ordinal: number;
  readonly bytes: number;
}

/** A sampling heap profiler over a simulated heap: as V8's, it sees what was allocated since it began and is alive. */
export class SampledHeap implements HeapProfiler {
  readonly #heap: Heap;
  readonly #random: Random;
  readonly #readsMs: number[] = [];
  #intervalBytes = 0;
  #samples: Sample[][] = [];
  #levels: number[] = [];
  #ordinal = 0;

  constructor(heap: Heap, random: Random) {
    this.#heap = heap;
    this.#random = random;
  }

  start(intervalBytes: number): boolean {
    this.#intervalBytes = intervalBytes;
    this.#samples = this.#heap.holders.map(() => []);
    this.#levels = [...this.#heap.levels];
    return true;
  }

  mayRead(): boolean {
    while (this.#heap.appMs - (this.#readsMs[0] ?? Infinity) >= 3_600_000) this.#readsMs.shift();
    return this.#readsMs.length < readsPerHour;
  }

  read(): LiveAllocations {
    this.#readsMs.push(this.#heap.appMs);
    return {
      stacks: this.#samples.map((samples, holder) => ({ frames: [frameOf(holder)], samples })),
      held: { bytes: this.#heap.floorBytes, codeBytes },
    };
  }

  tend(): void {}

  stop(): void {
    this.#intervalBytes = 0;
  }

  /** Lets each go with this chance: from one that goes to the next lie as many as a geometric distribution says. */
  #thin(samples: Sample[], freed: number): void {
    const toNext = (): number => (freed >= 1 ? 0 : Math.floor(Math.log(1 - this.#random.next()) / Math.log1p(-freed)));
    let kept = 0;
    let going = toNext();
    for (const [i, sample] of samples.entries()) {
      if (i !== going) samples[kept++] = sample;
      else going += 1 + toNext();
    }
    samples.length = kept;
  }

  /** After each step of the heap: some of what was sampled is gone, and new is sampled. */
  step(): void {
    if (this.#intervalBytes === 0) return;
    for (const [i, holder] of this.#heap.holders.entries()) {
      const [before, now] = [this.#levels[i] ?? 0, this.#heap.levels[i] ?? 0];
      const exchanged = holder.exchanged * Math.min(before, now);
      const freed = before === 0 ? 0 : (exchanged + Math.max(0, before - now)) / before;
      const kept = this.#samples[i] ?? [];
      if (freed > 0) this.#thin(kept, freed);
      const born = this.#random.poisson((exchanged + Math.max(0, now - before)) / this.#intervalBytes);
      for (let n = 0; n < born; n++) kept.push({ ordinal: ++this.#ordinal, bytes: this.#intervalBytes });
      this.#samples[i] = kept;
      this.#levels[i] = now;
    }
  }
}
