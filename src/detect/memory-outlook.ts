import type { HeapFloor } from '../lifetime/heap-floors.ts';
import type { Pattern } from './finding.ts';
import {
  defaultGrowthRule,
  growthPattern,
  type MemoryGrowth,
  memoryGrowth,
  standingGrowthRule,
} from './memory-growth.ts';
import type { LoadedBytes } from './memory-load.ts';
import type { MemorySample, MemorySeries } from './memory-series.ts';

/** Who would end the process for want of memory, and where. */
export interface MemoryLimit {
  readonly source: 'cgroup' | 'v8' | 'host';
  readonly bytes: number;
  readonly usedBytes: number;
}

/** The limits there are, and what lived in the heap after the last major collection. */
export interface MemoryRoom {
  readonly limits: readonly MemoryLimit[];
  readonly heapFloor: HeapFloor | undefined;
}

/** What grows: what lives in this thread's heap, or what the process has resident. */
export type MemoryPool = 'heap' | 'resident';

/** When a limit is reached if it goes on like this: the estimate, and between which hours by the interval of the rate. */
export interface Exhaustion {
  readonly limit: MemoryLimit;
  readonly pool: MemoryPool;
  readonly hours: number;
  readonly soonestHours: number;
  readonly latestHours: number;
  /** For how long the growth that leads there was watched. */
  readonly watchedHours: number;
}

/** Growth and the pattern it follows. */
export type ShapedGrowth = MemoryGrowth & { readonly pattern: Pattern | undefined };

export interface MemoryOutlook {
  readonly growth: ReadonlyMap<MemoryPool, ShapedGrowth>;
  /** The pool that grows fastest. */
  readonly fastest: MemoryPool | undefined;
  /** The limit that is reached first; `undefined` where none is in sight. */
  readonly exhaustion: Exhaustion | undefined;
}

/**
 * How many times as far as the growth was watched it may be drawn on: what has grown for ten minutes says little of
 * tomorrow. So at least a ninth of the room that was left has been taken before anybody is told that it runs out.
 */
const maxLookAhead = 8;
/** Floors after major collections from which on they alone are asked. */
const minFloors = 10;
const msPerHour = 3_600_000;

/**
 * Growth of the heap's floor and of resident memory, and when the nearest limit is reached.
 *
 * @param standing what was established at the last look
 * @yields where it may pause: each step takes a millisecond at most
 */
export function* memoryOutlook(
  series: MemorySeries,
  room: MemoryRoom,
  minSpanMs: number,
  standing: ReadonlySet<MemoryPool> = new Set(),
): Generator<undefined, MemoryOutlook> {
  const growth = new Map<MemoryPool, ShapedGrowth>();
  for (const pool of ['heap', 'resident'] as const) {
    const found = yield* memoryGrowth(pointsOf(pool, series.samples), {
      ...(standing.has(pool) ? standingGrowthRule : defaultGrowthRule),
      minSpanMs,
    });
    yield;
    if (found !== undefined) growth.set(pool, shaped(found));
  }
  const fastest = [...growth].toSorted(([, a], [, b]) => b.rate.value - a.rate.value)[0]?.[0];
  return { growth, fastest, exhaustion: nearest(growth, room, series.latest?.atMs ?? 0) };
}

/** The pattern is looked for where it is asked for: that takes longer than all else. */
function shaped(growth: MemoryGrowth): ShapedGrowth {
  let found: { readonly pattern: Pattern | undefined } | undefined;
  return {
    ...growth,
    get pattern() {
      found ??= { pattern: growthPattern(growth) };
      return found.pattern;
    },
  };
}

/**
 * What is held after major collections: of the heap only that, for before one comes its garbage grows as a leak does. Of
 * the process all samples where there are few such, its heap counted as it was left by the last one.
 */
export function pointsOf(pool: MemoryPool, samples: readonly MemorySample[]): LoadedBytes[] {
  const floors = samples.filter(({ heapFloorBytes }) => heapFloorBytes !== undefined);
  if (pool === 'heap') return floors.map((sample) => pointOf(sample, sample.heapFloorBytes ?? 0));
  let heapBytes = floors[0]?.heapFloorBytes ?? 0;
  return (floors.length < minFloors ? samples : floors).map((sample) => {
    heapBytes = sample.heapFloorBytes ?? heapBytes;
    return pointOf(sample, sample.rssBytes - sample.heapTotalBytes + heapBytes);
  });
}

const pointOf = ({ atMs, inFlight, startedPerS }: MemorySample, bytes: number): LoadedBytes => ({
  atMs,
  bytes,
  loads: [inFlight, startedPerS],
});

function nearest(
  growth: ReadonlyMap<MemoryPool, MemoryGrowth>,
  { limits, heapFloor }: MemoryRoom,
  nowMs: number,
): Exhaustion | undefined {
  let first: Exhaustion | undefined;
  for (const limit of limits) {
    const pool = limit.source === 'v8' ? 'heap' : 'resident';
    const grows = growth.get(pool);
    if (grows === undefined) continue;
    const usedBytes = pool === 'heap' ? liveBytes(heapFloor, grows, nowMs) : undefined;
    const exhaustion = exhaustionOf(pool, grows, { ...limit, usedBytes: usedBytes ?? limit.usedBytes });
    if (exhaustion.latestHours > maxLookAhead * exhaustion.watchedHours) continue;
    if (first === undefined || exhaustion.hours < first.hours) first = exhaustion;
  }
  return first;
}

/** V8 gives up when what lives fills the heap: as much as the last major collection left, and what came since. */
const liveBytes = (floor: HeapFloor | undefined, growth: MemoryGrowth, nowMs: number): number | undefined =>
  floor && floor.bytes + (growth.latestPerHour * Math.max(0, nowMs - floor.atMs)) / msPerHour;

function exhaustionOf(pool: MemoryPool, growth: MemoryGrowth, limit: MemoryLimit): Exhaustion {
  const { rate, latestPerHour } = growth;
  const roomBytes = Math.max(0, limit.bytes - limit.usedBytes);
  // what changes its pace is drawn on as it is now, its interval widened by as much
  const pace = latestPerHour / rate.value;
  return {
    limit,
    pool,
    hours: roomBytes / latestPerHour,
    soonestHours: roomBytes / (rate.high * Math.max(1, pace)),
    latestHours: hoursSlowingDown(growth, roomBytes, rate.low * Math.min(1, pace)),
    watchedHours: growth.spanMs / msPerHour,
  };
}

/** If it goes on to slow down by the same share in the same time, as what fills up does: the limit may never be reached. */
function hoursSlowingDown(
  { rate, accelerationPerHour, spanMs }: MemoryGrowth,
  roomBytes: number,
  perHour: number,
): number {
  const spanHours = spanMs / msPerHour;
  const change = (accelerationPerHour * spanHours) / 4;
  if (change >= 0 || -change >= rate.value) return roomBytes / perHour;
  const slowingHours = spanHours / 2 / Math.log((rate.value - change) / (rate.value + change));
  const left = roomBytes / (perHour * slowingHours);
  return left >= 1 ? Infinity : -slowingHours * Math.log(1 - left);
}
