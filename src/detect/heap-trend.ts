import type { HeapFloor } from '../lifetime/heap-floors.ts';
import { type Level, levelsOf } from './heap-steps.ts';
import { median } from './statistics/median.ts';
import { type Slope, theilSen } from './statistics/theil-sen.ts';

/** How the floor of the heap moves over a stretch of time. */
export interface HeapTrend {
  readonly spanMs: number;
  /** Bytes a ms. */
  readonly slope: Slope;
  /** What it gained by that slope. */
  readonly riseBytes: number;
  /** How far one floor lies off the line by chance: the median deviation, as a standard deviation. */
  readonly noiseBytes: number;
  /** Slope of the last third over that of the first: 1 for steady growth, towards 0 for what warms up. */
  readonly lateOverEarly: number;
}

const minFloors = 5;
/** More are thinned to this many, each the lowest of its neighbours. */
const maxPoints = 24;
/** A normal distribution's standard deviation over its median absolute deviation. */
const sigmaOfMad = 1.4826;

/**
 * The trend of the floors by Theil and Sen; `undefined` for fewer than 5 floors. Falls that come with a flush of V8's code
 * are taken out: what was compiled goes, nothing of the app's.
 */
export function heapTrend(floors: readonly HeapFloor[]): HeapTrend | undefined {
  if (floors.length < minFloors) return undefined;
  const points = thinned(levelsOf(floors));
  const [first, last] = [points.at(0), points.at(-1)];
  const slope = theilSen(
    points.map(({ atMs }) => atMs),
    points.map(({ bytes }) => bytes),
  );
  if (slope === undefined || first === undefined || last === undefined) return undefined;
  const spanMs = last.atMs - first.atMs;
  return {
    spanMs,
    slope,
    riseBytes: slope.value * spanMs,
    noiseBytes: noiseAbout(points, slope.value),
    lateOverEarly: lateOverEarly(points),
  };
}

/** How far the floor rose above the first of these, and how far it has fallen from there, flushes left out. */
export function riseAndFall(floors: readonly HeapFloor[]): { readonly riseBytes: number; readonly fallBytes: number } {
  const levels = levelsOf(floors).map(({ bytes }) => bytes);
  const peak = Math.max(...levels);
  return { riseBytes: peak - (levels.at(0) ?? peak), fallBytes: peak - (levels.at(-1) ?? peak) };
}

function thinned(points: readonly Level[]): readonly Level[] {
  const size = Math.ceil(points.length / maxPoints);
  if (size <= 1) return points;
  const lowest: Level[] = [];
  for (let i = 0; i < points.length; i += size) {
    lowest.push(points.slice(i, i + size).reduce((low, point) => (point.bytes < low.bytes ? point : low)));
  }
  return lowest;
}

function noiseAbout(points: readonly Level[], perMs: number): number {
  const deviations = points.slice(1).map((point, i) => {
    const before = points[i] ?? point;
    return Math.abs(point.bytes - before.bytes - perMs * (point.atMs - before.atMs));
  });
  // a step is the difference of two floors
  return (sigmaOfMad / Math.SQRT2) * middleOf(deviations);
}

function lateOverEarly(points: readonly Level[]): number {
  const third = Math.floor(points.length / 3);
  const [a, b, c] = [
    middleLevel(points.slice(0, third)),
    middleLevel(points.slice(third, points.length - third)),
    middleLevel(points.slice(-third)),
  ];
  const early = (b.bytes - a.bytes) / (b.atMs - a.atMs);
  const late = (c.bytes - b.bytes) / (c.atMs - b.atMs);
  if (early > 0) return late / early;
  return late > 0 ? Infinity : 0;
}

const middleLevel = (of: readonly Level[]): Level => ({
  atMs: middleOf(of.map(({ atMs }) => atMs)),
  bytes: middleOf(of.map(({ bytes }) => bytes)),
});

const middleOf = (values: readonly number[]): number => median(values.toSorted((x, y) => x - y));
