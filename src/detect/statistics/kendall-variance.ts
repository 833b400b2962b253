/**
 * The variance of Kendall's S for values without a trend: n(n-1)(2n+5)/18, less the same of each group of equal values
 * (M. G. Kendall, Rank Correlation Methods, 4th ed. 1970, 4.7).
 */
export function kendallVariance(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let variance = varianceOf(values.length);
  for (const count of counts.values()) variance -= varianceOf(count);
  return Math.max(0, variance);
}

const varianceOf = (n: number): number => (n * (n - 1) * (2 * n + 5)) / 18;
