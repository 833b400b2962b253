import type { HeapFloor, HeapFloors } from '../lifetime/heap-floors.ts';
import type { Ownership } from '../lifetime/site-table.ts';
import { type GrowingPlace, growingPlaces } from './heap-growing-places.ts';
import { HeapPlaces } from './heap-places.ts';
import type { HeapProfiler } from './heap-profiler.ts';
import { gainedBytes } from './heap-steps.ts';
import type { HeapTrend } from './heap-trend.ts';

/** Sweeps between two reads, at least; at most, where the floor is noisy and rises slowly. */
const minWindowSweeps = 28;
const maxWindowSweeps = 512;
const maxReads = 7;
/** Sweeps after a read that showed them for which the floor must go on rising: what fills up may be full by now. */
const confirmSweeps = 14;
/** By this share of its mean rate. */
const minRiseOn = 0.4;
/** A sample in so many bytes, so that as much growth again shows in 256 of them. */
const minIntervalBytes = 2 * 1024;
const maxIntervalBytes = 32 * 1024;
const samplesWanted = 256;

/** What grew by the last read, and how fast the floor rose until then. */
interface Suspects {
  readonly places: readonly GrowingPlace[];
  readonly atMs: number;
  readonly floorPerMs: number;
}

/** Fine enough to see a rise such as this once more. */
export const intervalFor = ({ riseBytes }: HeapTrend): number =>
  Math.min(maxIntervalBytes, Math.max(minIntervalBytes, riseBytes / samplesWanted));

/** Long enough for the floor to rise by four times its noise, in sweeps. */
export function windowFor({ slope, noiseBytes }: HeapTrend, sweepMs: number, patience: number): number {
  const sweeps = Math.ceil((4 * noiseBytes) / (slope.value * sweepMs));
  return Math.min(maxWindowSweeps, Math.max(minWindowSweeps * patience, sweeps));
}

export interface HeapLookOptions {
  readonly profiler: HeapProfiler;
  readonly ownership: Ownership;
  readonly floors: HeapFloors;
  readonly startedMs: number;
  readonly sweep: number;
  readonly windowSweeps: number;
  /** How many times as long as in a trial is to be waited. */
  readonly patience: number;
}

/** One look into the heap, from the start of the profiler on: its reads, and the places that grow by them. */
export class HeapLook {
  readonly startedMs: number;
  readonly #o: HeapLookOptions;
  readonly #places: HeapPlaces;
  /** The floor at each read. */
  readonly #reads: HeapFloor[] = [];
  #nextReadSweep: number;
  #suspects: Suspects | undefined;

  constructor(options: HeapLookOptions) {
    this.#o = options;
    this.startedMs = options.startedMs;
    this.#places = new HeapPlaces(options.ownership);
    this.#nextReadSweep = options.sweep + options.windowSweeps;
  }

  /** Between the first read and the last. */
  get elapsedMs(): number {
    return (this.#reads.at(-1)?.atMs ?? 0) - (this.#reads[0]?.atMs ?? 0);
  }

  /** How fast the floor rose between them. */
  get floorPerMs(): number {
    return gainedBytes(this.#floors(this.#reads.at(-1)?.atMs)) / this.elapsedMs;
  }

  isDue(sweep: number): boolean {
    return sweep >= this.#nextReadSweep && this.#o.profiler.mayRead();
  }

  get isOver(): boolean {
    return this.#reads.length >= maxReads;
  }

  /** @returns the places that grew by this read and by the one before; `undefined` where the profiler was taken away */
  read(sweep: number, nowMs: number, isSteady: boolean): readonly GrowingPlace[] | undefined {
    this.#nextReadSweep = sweep + this.#o.windowSweeps;
    const live = this.#o.profiler.read();
    if (live === undefined) return undefined;
    const beforeMs = this.#reads.at(-1)?.atMs;
    this.#places.add(live.stacks);
    this.#reads.push({ atMs: nowMs, ...live.held });
    const floors = this.#floors();
    const places = growingPlaces(this.#places, {
      floorGain: gainedBytes(floors),
      lastFloorGain: gainedBytes(floors, beforeMs),
      atLeisure: this.#o.patience > 1,
    });
    // a second read that shows them says as much as a floor that was seen to rise on
    const confirmed = this.#suspects === undefined ? [] : places;
    this.#suspects = places.length > 0 && isSteady ? { places, atMs: nowMs, floorPerMs: this.floorPerMs } : undefined;
    return confirmed;
  }

  /** @returns the places that grew by the last read, once the floor was seen to rise on after it */
  confirmed(sweepMs: number): readonly GrowingPlace[] {
    if (this.#suspects === undefined) return [];
    const { places, atMs, floorPerMs } = this.#suspects;
    const floors = this.#floors();
    const sinceMs = (floors.at(-1)?.atMs ?? 0) - atMs;
    if (sinceMs < confirmSweeps * this.#o.patience * sweepMs) return [];
    this.#suspects = undefined;
    return gainedBytes(floors, atMs) < minRiseOn * floorPerMs * sinceMs ? [] : places;
  }

  /** Those at the reads and after the other major collections since the first of them. */
  #floors(untilMs = Infinity): HeapFloor[] {
    const [first] = this.#reads;
    if (first === undefined) return [];
    const others = this.#o.floors.recent.filter(({ atMs }) => atMs > first.atMs && atMs <= untilMs);
    return [...this.#reads, ...others].toSorted((a, b) => a.atMs - b.atMs);
  }
}
