import { quantileSorted, weightedQuantile } from 'simple-statistics';

/**
 * A quantile by linear interpolation between neighbours (type 7 of Hyndman & Fan, The American Statistician 50 (1996)
 * 361); `undefined` of no values.
 */
export function quantileOf(values: readonly number[], share: number): number | undefined {
  if (values.length === 0 || !(share >= 0 && share <= 1)) return undefined;
  return quantileSorted(
    values.toSorted((a, b) => a - b),
    share,
  );
}

/** A value, e.g. the upper bound of a bucket, and how often it was met. */
export interface Counted {
  readonly value: number;
  readonly count: number;
}

/** The smallest value that this share does not exceed, none in between (type 1); `undefined` where nothing was counted. */
export function quantileOfCounts(counted: readonly Counted[], share: number): number | undefined {
  const met = counted.filter(({ count }) => count > 0);
  if (met.length === 0 || !(share >= 0 && share <= 1)) return undefined;
  return weightedQuantile(
    met.map(({ value }) => value),
    met.map(({ count }) => count),
    share,
  );
}
