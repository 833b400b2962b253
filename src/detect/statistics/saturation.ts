import { acceleration, trend } from './trend.ts';

/** Growth that slowed down to this share of what it was at the beginning has warmed up. */
const warmedUp = 1 / 3;

/**
 * Whether growth levels off, as that of a cache that fills or a pool that warms up does, and a leak does not: a parabola
 * bends down with its whole 95 % interval, and rises at its end less than a third as steeply as at its beginning. Of steady
 * growth one series in forty bends down by chance, and hardly any so far.
 *
 * @returns `undefined` for too few points to tell
 */
export function levelsOff(x: readonly number[], y: readonly number[]): boolean | undefined {
  const bend = acceleration(x, y);
  const slope = trend(x, y);
  if (bend === undefined || slope === undefined) return undefined;
  const change = (bend.value * ((x.at(-1) ?? 0) - (x[0] ?? 0))) / 2;
  return bend.high < 0 && slope.value + change < warmedUp * (slope.value - change);
}
