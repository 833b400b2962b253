import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { runOutsideContext } from './timers.ts';

export const gcTypes = ['minor', 'major', 'incremental', 'weakcb'] as const;
export type GcType = (typeof gcTypes)[number];

/** One garbage collection, on `performance.now()`'s clock. */
export interface Gc {
  readonly type: GcType;
  readonly startMs: number;
  readonly durationMs: number;
}

/** Running totals of one type, without what was asked for by `gc()`. */
export interface GcTotal {
  count: number;
  durationMs: number;
}

type GcEntry = PerformanceEntry & { readonly detail?: { readonly kind?: number; readonly flags?: number } };

/** What did not fit until it is drained is dropped: a scavenge every ms fills it in half a second. */
const maxSamples = 512;
const maxMajors = 128;

const typeOf = new Map<number, GcType>([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** Sees the garbage collections of this thread by Node's own observer; its cost is within noise. */
export class GcWatch {
  /** What the heap held when the last major collection was told, or `undefined` before the first. */
  heapLiveBytes: number | undefined = undefined;
  majors = 0;
  /** Durations that found no room among the samples. */
  dropped = 0;
  readonly totals: Readonly<Record<GcType, GcTotal>> = {
    minor: { count: 0, durationMs: 0 },
    major: { count: 0, durationMs: 0 },
    incremental: { count: 0, durationMs: 0 },
    weakcb: { count: 0, durationMs: 0 },
  };
  readonly #samples: Gc[] = [];
  readonly #lastMajors: Gc[] = [];
  readonly #onMajor: ((gc: Gc, heapLiveBytes: number) => void) | undefined;
  #observer: PerformanceObserver | undefined;

  /** @param onMajor called outside any context, in a turn of its own after the collection */
  constructor(onMajor?: (gc: Gc, heapLiveBytes: number) => void) {
    this.#onMajor = onMajor;
  }

  attach(): void {
    if (this.#observer !== undefined) return;
    this.#observer = new PerformanceObserver((list) => runOutsideContext(() => this.#take(list.getEntries())));
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  detach(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  /** The collections since the last call. */
  drain(): Gc[] {
    return this.#samples.splice(0);
  }

  /** The last major collections, 128 at most, the oldest first. */
  get lastMajors(): readonly Gc[] {
    return this.#lastMajors;
  }

  #take(entries: readonly PerformanceEntry[]): void {
    let major: Gc | undefined;
    for (const entry of entries as readonly GcEntry[]) {
      const { startTime, duration, detail } = entry;
      const type = typeOf.get(detail?.kind ?? 0);
      if (type === undefined) continue;
      const gc = { type, startMs: startTime, durationMs: duration };
      if (type === 'major') major = this.#keepMajor(gc);
      if (((detail?.flags ?? 0) & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) === 0) count(this.totals[type], duration);
      if (this.#samples.length < maxSamples) this.#samples.push(gc);
      else this.dropped++;
    }
    if (major !== undefined) this.#tookMajor(major);
  }

  #keepMajor(gc: Gc): Gc {
    this.#lastMajors.push(gc);
    if (this.#lastMajors.length > maxMajors) this.#lastMajors.shift();
    return gc;
  }

  #tookMajor(gc: Gc): void {
    this.majors++;
    this.heapLiveBytes = getHeapStatistics().used_heap_size;
    this.#onMajor?.(gc, this.heapLiveBytes);
  }
}

function count(total: GcTotal, durationMs: number): void {
  total.count++;
  total.durationMs += durationMs;
}
