import { mean } from 'simple-statistics';

/**
 * How much values resemble those that came `lag` before them, -1 to 1 (Box, Jenkins & Reinsel, Time Series Analysis,
 * 2.1.5); 0 where all are equal or too few.
 */
export function autocorrelation(values: readonly number[], lag: number): number {
  if (values.length <= lag) return 0;
  const middle = mean([...values]);
  const deviations = values.map((value) => value - middle);
  const total = deviations.reduce((sum, deviation) => sum + deviation * deviation, 0);
  if (total === 0) return 0;
  let shared = 0;
  for (let i = lag; i < deviations.length; i++) shared += (deviations[i] ?? 0) * (deviations[i - lag] ?? 0);
  return shared / total;
}
