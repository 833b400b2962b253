import { HeapFloors } from '../lifetime/heap-floors.ts';
import { heapHeld } from '../runtime/heap-live.ts';
import { isMainThread } from '../runtime/main-thread.ts';
import { type Gc, GcWatch } from '../runtime/gc-watch.ts';
import { type MemoryReading, MemoryReadings } from '../runtime/memory-readings.ts';
import { ProcessReadings } from '../runtime/process-readings.ts';
import { type OwnTimer, ownTimers } from '../runtime/timers.ts';

const maxRssSamples = 1000;
/** A reading that a major GC asks for comes no sooner than this after the last one. */
const minDistanceMs = 1000;

export interface MemoryWatchOptions {
  readonly intervalMs: number;
  /** In this time at most one floor of the heap is kept. */
  readonly floorWindowMs: number;
  /** Whether major collections add readings of their own. */
  readonly afterMajors: boolean;
  readonly nowMs: () => number;
}

/** Memory, GC and event loop of this thread, read at intervals and, in production, after major collections. */
export class MemoryWatch {
  readonly gc: GcWatch;
  /** What old objects take after major collections. */
  readonly floors: HeapFloors;
  readonly process: ProcessReadings;
  readonly #memory = new MemoryReadings({ ofProcess: isMainThread });
  readonly #nowMs: () => number;
  readonly #intervalMs: number;
  readonly #rssSamplesBytes: number[] = [];
  #latest: MemoryReading | undefined;
  #latestMs = 0;
  #timer: OwnTimer | undefined;

  constructor({ intervalMs, floorWindowMs, afterMajors, nowMs }: MemoryWatchOptions) {
    this.#intervalMs = intervalMs;
    this.#nowMs = nowMs;
    this.floors = new HeapFloors(floorWindowMs);
    this.gc = new GcWatch(() => {
      this.floors.add({ atMs: nowMs(), ...heapHeld() });
      if (afterMajors) this.#sampleUnlessFresh();
    });
    this.process = new ProcessReadings({ ofProcess: isMainThread, nowMs });
  }

  attach(): void {
    this.gc.attach();
    this.#timer = ownTimers.setInterval(() => this.#sample(), this.#intervalMs);
  }

  detach(): void {
    this.#timer?.cancel();
    this.gc.detach();
  }

  /** Not older than a second, so that one collection of metrics reads once. */
  latest(): MemoryReading {
    if (this.#latest === undefined || this.#nowMs() - this.#latestMs >= minDistanceMs) return this.#sample();
    return this.#latest;
  }

  drainRssSamplesBytes(): number[] {
    return isMainThread ? this.#rssSamplesBytes.splice(0) : [];
  }

  drainGcs(): Gc[] {
    return this.gc.drain();
  }

  #sampleUnlessFresh(): void {
    if (this.#nowMs() - this.#latestMs >= minDistanceMs) this.#sample();
  }

  #sample(): MemoryReading {
    this.#latest = this.#memory.read();
    this.#latestMs = this.#nowMs();
    if (this.#rssSamplesBytes.length < maxRssSamples) this.#rssSamplesBytes.push(this.#latest.rssBytes);
    return this.#latest;
  }
}
