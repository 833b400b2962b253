import type { HeapFloor, HeapFloors } from '../lifetime/heap-floors.ts';
import type { Ownership } from '../lifetime/site-table.ts';
import { type GrowingPlace, growingPlaces } from './heap-growing-places.ts';
import { HeapPlaces } from './heap-places.ts';
import type { HeapProfiler } from './heap-profiler.ts';
import type { HeapTrend } from './heap-trend.ts';
import { gainedBytes } from './heap-trend.ts';

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
  readonly floor: HeapFloor;
  readonly floorPerMs: number;
}

/** Fine enough to see a rise such as this once more. */
export const intervalFor = ({ riseBytes }: HeapTrend): number =>
  Math.min(maxIntervalBytes, Math.max(minIntervalBytes, riseBytes / samplesWanted));

/** Long enough for the floor to rise by four times its noise, in sweeps. */
export function windowFor({ slope, noiseBytes }: HeapTrend, sweepMs: number): number {
  const sweeps = Math.ceil((4 * noiseBytes) / (slope.value * sweepMs));
  return Math.min(maxWindowSweeps, Math.max(minWindowSweeps, sweeps));
}

export interface HeapLookOptions {
  readonly profiler: HeapProfiler;
  readonly ownership: Ownership;
  readonly startedMs: number;
  readonly sweep: number;
  readonly windowSweeps: number;
}

/** One look into the heap, from the start of the profiler on: its reads, and the places that grow by them. */
export class HeapLook {
  readonly startedMs: number;
  readonly #o: HeapLookOptions;
  readonly #places: HeapPlaces;
  /** The floor at each read. */
  readonly #floors: HeapFloor[] = [];
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
    return (this.#floors.at(-1)?.atMs ?? 0) - (this.#floors[0]?.atMs ?? 0);
  }

  get floorPerMs(): number {
    return gainedBytes(this.#floors) / this.elapsedMs;
  }

  isDue(sweep: number): boolean {
    return sweep >= this.#nextReadSweep && this.#o.profiler.mayRead();
  }

  get isOver(): boolean {
    return this.#floors.length >= maxReads;
  }

  /** @returns the places that grew by this read and by the one before; `undefined` where the profiler was taken away */
  read(sweep: number, nowMs: number, isSteady: boolean): readonly GrowingPlace[] | undefined {
    this.#nextReadSweep = sweep + this.#o.windowSweeps;
    const live = this.#o.profiler.read();
    if (live === undefined) return undefined;
    const floor = { atMs: nowMs, ...live.held };
    this.#places.add(live.stacks);
    this.#floors.push(floor);
    const places = growingPlaces(this.#places, this.#floors);
    // a second read that shows them says as much as a floor that was seen to rise on
    const confirmed = this.#suspects === undefined ? [] : places;
    this.#suspects = places.length > 0 && isSteady ? { places, floor, floorPerMs: this.floorPerMs } : undefined;
    return confirmed;
  }

  /** @returns the places that grew by the last read, once the floor was seen to rise on after it */
  confirmed({ recent }: HeapFloors, sweepMs: number): readonly GrowingPlace[] {
    if (this.#suspects === undefined) return [];
    const { places, floor, floorPerMs } = this.#suspects;
    const since = recent.filter(({ atMs }) => atMs > floor.atMs);
    const sinceMs = (since.at(-1)?.atMs ?? 0) - floor.atMs;
    if (sinceMs < confirmSweeps * sweepMs) return [];
    this.#suspects = undefined;
    return gainedBytes([floor, ...since]) < minRiseOn * floorPerMs * sinceMs ? [] : places;
  }
}
