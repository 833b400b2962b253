import { HeapFloors } from '../lifetime/heap-floors.ts';
import { heapHeld } from '../runtime/heap-live.ts';
import { isMainThread } from '../runtime/main-thread.ts';
import { type Gc, GcWatch } from '../runtime/gc-watch.ts';
import { type MemoryReading, MemoryReadings } from '../runtime/memory-readings.ts';
import { ProcessReadings } from '../runtime/process-readings.ts';
import { type OwnTimer, ownTimers } from '../runtime/timers.ts';

const maxRssSamples = 1000;
/** Readings that major collections ask for come no closer together than this. */
const minDistanceMs = 1000;
/** Nor more often than this in an interval: a busy collector must not push the past out of a bounded series. */
const majorsInInterval = 6;

export interface MemoryWatchOptions {
  readonly intervalMs: number;
  /** In this time at most one floor of the heap is kept. */
  readonly floorWindowMs: number;
  readonly nowMs: () => number;
  /** Told of each reading at an interval or after a major collection; then with what lives in the heap. */
  readonly sampled?: (reading: MemoryReading, atMs: number, heapFloorBytes: number | undefined) => void;
}

/** Memory, GC and event loop of this thread, read at intervals and after major collections. */
export class MemoryWatch {
  readonly gc: GcWatch;
  /** What old objects take after major collections. */
  readonly floors: HeapFloors;
  readonly process: ProcessReadings;
  readonly #memory = new MemoryReadings({ ofProcess: isMainThread });
  readonly #nowMs: () => number;
  readonly #intervalMs: number;
  readonly #sampled: MemoryWatchOptions['sampled'];
  readonly #rssSamplesBytes: number[] = [];
  #latest: MemoryReading | undefined;
  #latestMs = 0;
  #floorMs = -Infinity;
  #timer: OwnTimer | undefined;

  constructor({ intervalMs, floorWindowMs, nowMs, sampled }: MemoryWatchOptions) {
    this.#intervalMs = intervalMs;
    this.#sampled = sampled;
    this.#nowMs = nowMs;
    this.floors = new HeapFloors(floorWindowMs);
    this.gc = new GcWatch(() => {
      const held = heapHeld();
      this.floors.add({ atMs: nowMs(), ...held });
      this.#sampleAfterMajor(held.bytes);
    });
    this.process = new ProcessReadings({ ofProcess: isMainThread, nowMs });
  }

  attach(): void {
    this.gc.attach();
    this.#timer = ownTimers.setInterval(() => this.#sample(undefined), this.#intervalMs);
  }

  detach(): void {
    this.#timer?.cancel();
    this.gc.detach();
  }

  /** Not older than a second, so that one collection of metrics reads once. */
  latest(): MemoryReading {
    if (this.#latest === undefined || this.#nowMs() - this.#latestMs >= minDistanceMs) return this.#read();
    return this.#latest;
  }

  drainRssSamplesBytes(): number[] {
    return isMainThread ? this.#rssSamplesBytes.splice(0) : [];
  }

  drainGcs(): Gc[] {
    return this.gc.drain();
  }

  #sampleAfterMajor(heapFloorBytes: number): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#floorMs < Math.max(minDistanceMs, this.#intervalMs / majorsInInterval)) return;
    this.#floorMs = nowMs;
    this.#sample(heapFloorBytes);
  }

  #sample(heapFloorBytes: number | undefined): void {
    const reading = this.#read();
    if (this.#rssSamplesBytes.length < maxRssSamples) this.#rssSamplesBytes.push(reading.rssBytes);
    this.#sampled?.(reading, this.#latestMs, heapFloorBytes);
  }

  #read(): MemoryReading {
    this.#latestMs = this.#nowMs();
    return (this.#latest = this.#memory.read());
  }
}
