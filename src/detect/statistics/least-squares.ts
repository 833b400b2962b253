import { linearRegression } from 'simple-statistics';
import type { Estimate } from './estimate.ts';
import { studentQuantile } from './student.ts';

export interface Line {
  readonly slope: Estimate;
  /** Where the line is at x = 0. */
  readonly intercept: number;
  /** Standard deviation of the points around it. */
  readonly spread: number;
}

/**
 * The line of least squares. Its interval is Student's, right for noise that is normal, equal everywhere and without
 * memory (Draper & Smith, Applied Regression Analysis, 1.4); for noise with memory see `trend`.
 *
 * @returns `undefined` for fewer than 3 points, or where all have the same x
 */
export function leastSquares(x: readonly number[], y: readonly number[], confidence = 0.95): Line | undefined {
  const n = Math.min(x.length, y.length);
  if (n < 3) return undefined;
  const points = Array.from({ length: n }, (_, i) => [x[i] ?? 0, y[i] ?? 0] as [number, number]);
  const { m, b } = linearRegression(points);
  if (!Number.isFinite(m)) return undefined;
  const meanX = points.reduce((sum, [at]) => sum + at, 0) / n;
  const spreadX = points.reduce((sum, [at]) => sum + (at - meanX) ** 2, 0);
  const spread = Math.sqrt(points.reduce((sum, [at, level]) => sum + (level - m * at - b) ** 2, 0) / (n - 2));
  const half = (studentQuantile((1 + confidence) / 2, n - 2) * spread) / Math.sqrt(spreadX);
  return { slope: { value: m, low: m - half, high: m + half }, intercept: b, spread };
}
