import { median } from './median.ts';

/** A slope with its 95 % interval, in units of y per unit of x. */
export interface Slope {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const z = 1.959964;

/**
 * The median of the slopes between all pairs of points: outliers up to 29 % do not move it. The interval is Sen's, by the
 * normal approximation of Kendall's S without ties (P. K. Sen, JASA 63 (1968) 1379; Hollander & Wolfe, Nonparametric
 * Statistical Methods, 9.3). Neighbours that depend on each other make it too narrow, so callers give window minima.
 *
 * @param x strictly rising
 * @returns `undefined` for fewer than 4 points
 */
export function theilSen(x: readonly number[], y: readonly number[]): Slope | undefined {
  const n = Math.min(x.length, y.length);
  if (n < 4) return undefined;
  const slopes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const slope = ((y[j] ?? 0) - (y[i] ?? 0)) / ((x[j] ?? 0) - (x[i] ?? 0));
      if (Number.isFinite(slope)) slopes.push(slope);
    }
  }
  if (slopes.length < 6) return undefined;
  slopes.sort((a, b) => a - b);
  const width = z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const low = Math.max(0, Math.floor((slopes.length - width) / 2));
  const high = Math.min(slopes.length - 1, Math.ceil((slopes.length + width) / 2));
  return { value: median(slopes), low: slopes[low] ?? 0, high: slopes[high] ?? 0 };
}
