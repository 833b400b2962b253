import type { Pattern, Rate } from './finding.ts';
import { type LoadedBytes, loadShareOf, withoutLoad } from './memory-load.ts';
import { scaled } from './statistics/estimate.ts';
import { patternOf } from './statistics/pattern.ts';
import { theilSen } from './statistics/theil-sen.ts';
import { trend } from './statistics/trend.ts';

/** Growth of memory that is established: it goes on, and no load explains it. */
export interface MemoryGrowth {
  /** Bytes an hour, at the same load. */
  readonly rate: Rate;
  /** Bytes an hour as of late: more than `rate` where it accelerates, less where it slows down. */
  readonly latestPerHour: number;
  /** What the rate gains an hour, in bytes an hour. */
  readonly accelerationPerHour: number;
  readonly gainBytes: number;
  readonly spanMs: number;
  /** The longest span that shows it, at most 32, at the same load. */
  readonly points: readonly LoadedBytes[];
}

/** `linear`, `exponential`, `stepped` …; `undefined` where it is none of them. 0.6 ms. */
export const growthPattern = ({ points }: MemoryGrowth): Pattern | undefined =>
  patternOf(timesOf(points), bytesOf(points));

export interface GrowthRule {
  /** For how long it must have gone on. */
  readonly minSpanMs: number;
  readonly minPoints: number;
  /** What must have come on top: less is no leak to page anybody for. */
  readonly minGainBytes: number;
  /** Slope of the later half over that of the earlier: what warms up slows down. */
  readonly minLateOverEarly: number;
}

export const defaultGrowthRule: Omit<GrowthRule, 'minSpanMs'> = {
  minPoints: 10,
  minGainBytes: 5e6,
  minLateOverEarly: 0.65,
};

/** What was established stands while it goes on, be it more slowly: a heap that is nearly full spends its time in collections. */
export const standingGrowthRule = { ...defaultGrowthRule, minLateOverEarly: 0.1 };

/** More than so many points tell nothing more; pairs of them are compared. */
const maxPoints = 32;
/** Parts of the span whose lowest point must rise each over the one before. */
const parts = 5;
/** How many times as far back as it has grown it is asked whether it grew faster before. */
const lookBack = 3;
/** Of what it gained, the share that must lie above all that was there before. */
const newShare = 0.25;
const msPerHour = 3_600_000;

/**
 * Growth over all the points, or over the latest half, quarter, eighth … of them where all do not show it: the longest
 * span that does, as the most exact, unless it has picked up since.
 *
 * @yields after each span
 */
export function* memoryGrowth(
  points: readonly LoadedBytes[],
  rule: GrowthRule,
): Generator<undefined, MemoryGrowth | undefined> {
  let found: MemoryGrowth | undefined;
  for (let kept = points.length; kept >= rule.minPoints; kept >>= 1) {
    const latest = points.slice(-kept);
    if (spanOf(latest) < rule.minSpanMs) break;
    const growth = growthOver(blockMinima(latest), rule);
    yield;
    if (found !== undefined && (growth?.rate.low ?? 0) <= found.rate.high) break;
    const before = points.slice(-(lookBack + 1) * kept, -kept);
    if (growth !== undefined && (slowsDown(before, growth, rule) || isOldNews(points.slice(0, -kept), latest))) break;
    found = growth && { ...growth, points: found?.points ?? growth.points };
  }
  return found;
}

/** Whether memory grew faster just before: then what is seen is the end of a warm-up. */
function slowsDown(before: readonly LoadedBytes[], { rate }: MemoryGrowth, rule: GrowthRule): boolean {
  const slope = before.length < rule.minPoints ? undefined : slopeOf(blockMinima(before));
  return slope !== undefined && rate.value < rule.minLateOverEarly * slope.value * msPerHour;
}

/** Whether it was as high before, or nearly: then it is the rise of a wave. */
function isOldNews(before: readonly LoadedBytes[], latest: readonly LoadedBytes[]): boolean {
  const top = Math.min(...bytesOf(latest.slice(-Math.ceil(latest.length / parts))));
  const gain = top - Math.min(...bytesOf(latest.slice(0, Math.ceil(latest.length / parts))));
  return Math.max(...bytesOf(before)) >= top - newShare * gain;
}

/** The lowest of each whole block of neighbours, at the block's mean time and load: garbage comes on top, never below. */
export function blockMinima(points: readonly LoadedBytes[]): LoadedBytes[] {
  const size = Math.ceil(points.length / maxPoints);
  if (size <= 1) return [...points];
  const minima: LoadedBytes[] = [];
  for (let from = points.length % size; from < points.length; from += size) {
    minima.push(lowestOf(points, from, from + size));
  }
  return minima;
}

function lowestOf(points: readonly LoadedBytes[], from: number, to: number): LoadedBytes {
  let [atMs, bytes] = [0, Infinity];
  const loads = (points[from]?.loads ?? []).map(() => 0);
  for (let i = from; i < to; i++) {
    const point = points[i];
    if (point === undefined) break;
    atMs += point.atMs / (to - from);
    bytes = Math.min(bytes, point.bytes);
    for (let load = 0; load < loads.length; load++)
      loads[load] = (loads[load] ?? 0) + (point.loads[load] ?? 0) / (to - from);
  }
  return { atMs, bytes, loads };
}

/** At the same load, by the load that explains most; and even if each load explained as much as it can. */
function growthOver(points: readonly LoadedBytes[], rule: GrowthRule): MemoryGrowth | undefined {
  const shares = (points[0]?.loads ?? []).map((_, load) => ({ load, ...loadShareOf(points, load) }));
  const [most] = shares.toSorted((a, b) => a.left - b.left);
  const atSameLoad = most === undefined ? points : withoutLoad(points, most.load, most.value);
  // what costs little is asked first
  if (!risesThroughout(atSameLoad)) return undefined;
  if (shares.some(({ load, high }) => courseOf(withoutLoad(points, load, high), rule) === undefined)) return undefined;
  const course = courseOf(atSameLoad, rule);
  return course && growthOf(course);
}

/** Whether the lowest points of five parts rise each over the last, and in the end lie above all of the beginning. */
function risesThroughout(points: readonly LoadedBytes[]): boolean {
  const partsOf = Array.from({ length: parts }, (_, part) =>
    points
      .slice(Math.floor((part * points.length) / parts), Math.floor(((part + 1) * points.length) / parts))
      .map(({ bytes }) => bytes),
  );
  const minima = partsOf.map((part) => Math.min(...part));
  const rises = minima.every((low, part) => part === 0 || low > (minima[part - 1] ?? 0));
  return rises && (minima.at(-1) ?? 0) > Math.max(...(partsOf[0] ?? []));
}

/** A rise that goes on, in bytes a ms, as far as that is seen at little cost. */
interface Course {
  readonly points: readonly LoadedBytes[];
  readonly slope: number;
  readonly earlySlope: number;
  readonly lateSlope: number;
  readonly leastLateSlope: number;
}

function courseOf(points: readonly LoadedBytes[], rule: GrowthRule): Course | undefined {
  const slope = slopeOf(points);
  if (slope === undefined || slope.low <= 0 || slope.value * spanOf(points) < rule.minGainBytes) return undefined;
  const half = points.length >> 1;
  const [early, late] = [slopeOf(points.slice(0, half)), slopeOf(points.slice(-half))];
  if (early === undefined || late === undefined || late.value < rule.minLateOverEarly * early.value) return undefined;
  return { points, slope: slope.value, earlySlope: early.value, lateSlope: late.value, leastLateSlope: late.low };
}

/** With the interval that holds though neighbours depend on each other. */
function growthOf({ points, earlySlope, lateSlope, leastLateSlope }: Course): MemoryGrowth | undefined {
  const slope = trend(timesOf(points), bytesOf(points));
  // twice as far from none as the interval asks: it is looked for again and again
  if (slope === undefined || slope.value <= 2 * (slope.value - slope.low)) return undefined;
  const spanMs = spanOf(points);
  const slowed = lateSlope < defaultGrowthRule.minLateOverEarly * earlySlope;
  const latestSlope = slowed || leastLateSlope > slope.value ? lateSlope : slope.value;
  return {
    rate: scaled(slope, msPerHour),
    latestPerHour: latestSlope * msPerHour,
    accelerationPerHour: (2 * (lateSlope - earlySlope) * msPerHour * msPerHour) / spanMs,
    points,
    gainBytes: slope.value * spanMs,
    spanMs,
  };
}

const slopeOf = (points: readonly LoadedBytes[]) => theilSen(timesOf(points), bytesOf(points));

const timesOf = (points: readonly LoadedBytes[]): number[] => points.map(({ atMs }) => atMs);
const bytesOf = (points: readonly LoadedBytes[]): number[] => points.map(({ bytes }) => bytes);

const spanOf = (points: readonly LoadedBytes[]): number => (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0);
