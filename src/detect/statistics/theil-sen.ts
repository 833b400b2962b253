import { quantileSorted } from 'simple-statistics';
import type { Estimate } from './estimate.ts';
import { kendallVariance } from './kendall-variance.ts';
import { normalQuantile } from './normal.ts';

/** A slope with its interval, in units of y per unit of x. */
export type Slope = Estimate;

/**
 * The median of the slopes between all pairs of points: outliers up to 29 % do not move it. The interval is Sen's, by the
 * normal approximation of Kendall's S with ties among the levels (P. K. Sen, JASA 63 (1968) 1379; Hollander & Wolfe,
 * Nonparametric Statistical Methods, 9.3). Neighbours that depend on each other make it too narrow: see `trend`.
 *
 * @param x rising; pairs of equal x are left out
 * @returns `undefined` for fewer than 4 points, or fewer than 6 pairs
 */
export function theilSen(x: readonly number[], y: readonly number[], confidence = 0.95): Slope | undefined {
  const n = Math.min(x.length, y.length);
  if (n < 4) return undefined;
  const slopes = pairSlopes(x, y, n);
  if (slopes.length < 6) return undefined;
  const width = normalQuantile((1 + confidence) / 2) * Math.sqrt(kendallVariance(y.slice(0, n)));
  const below = Math.round((slopes.length - width) / 2) - 1;
  const low = Math.min(Math.max(0, below), (slopes.length - 1) >> 1);
  return {
    value: quantileSorted(slopes, 0.5),
    low: slopes[low] ?? 0,
    high: slopes[slopes.length - 1 - low] ?? 0,
  };
}

function pairSlopes(x: readonly number[], y: readonly number[], n: number): number[] {
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let count = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const slope = ((y[j] ?? 0) - (y[i] ?? 0)) / ((x[j] ?? 0) - (x[i] ?? 0));
      if (Number.isFinite(slope)) slopes[count++] = slope;
    }
  }
  return Array.from(slopes.subarray(0, count).toSorted());
}
