import type { HeapProfiler, LiveAllocations, LiveStack } from '../../../src/detect/heap-profiler.ts';
import type { HeapFloor } from '../../../src/lifetime/heap-floors.ts';
import type { Frame } from '../../../src/lifetime/site.ts';

export const frame = (file: string, line: number, fn = ''): Frame => ({ file, line, column: 1, fn });

export const ownership = {
  isApp: (file: string): boolean => file.startsWith('/app/') && !file.includes('node_modules'),
  isOutlive: (file: string): boolean => file.startsWith('/outlive/'),
};

interface Live {
  readonly frames: readonly Frame[];
  readonly ordinal: number;
  readonly bytes: number;
}

/** A heap that is sampled: objects are born at call paths, and die. */
export class SampledHeap implements HeapProfiler {
  isOn = true;
  affordable = true;
  starts = 0;
  reads = 0;
  isRunning = false;
  bytes = 1e7;
  codeBytes = 5e6;
  #ordinal = 0;
  /** What was born up to then is not sampled. */
  #startedAt = 0;
  #live: Live[] = [];

  /** @returns lets them go */
  born(frames: readonly Frame[], bytes: number, samples = 1): () => void {
    const born = Array.from({ length: samples }, () => ({ frames, ordinal: ++this.#ordinal, bytes }));
    this.#live.push(...born);
    this.bytes += bytes * samples;
    const gone = new Set<Live>(born);
    return () => {
      const left = this.#live.filter((sample) => !gone.has(sample));
      this.bytes -= bytes * (this.#live.length - left.length);
      this.#live = left;
    };
  }

  /** Allocated and collected at once: load. */
  garbage(samples: number): void {
    this.#ordinal += samples;
  }

  floor(atMs: number): HeapFloor {
    return { atMs, bytes: this.bytes, codeBytes: this.codeBytes };
  }

  stacks(): LiveStack[] {
    const sampled = this.#live.filter(({ ordinal }) => ordinal > this.#startedAt);
    const byPath = Map.groupBy(sampled, ({ frames }) => frames);
    return [...byPath].map(([frames, samples]) => ({ frames, samples }));
  }

  start(): boolean {
    this.starts++;
    this.#startedAt = this.#ordinal;
    this.isRunning = this.isOn;
    return this.isOn;
  }

  mayRead(): boolean {
    return this.affordable;
  }

  read(): LiveAllocations | undefined {
    if (!this.isRunning) return undefined;
    this.reads++;
    return { stacks: this.stacks(), held: { bytes: this.bytes, codeBytes: this.codeBytes } };
  }

  tend(): void {}

  stop(): void {
    this.isRunning = false;
  }
}
