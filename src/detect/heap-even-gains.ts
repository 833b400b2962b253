/** Of the first gain, by the line through all of them, what the last one is at least. */
const minLastOverFirst = 0.85;
/**
 * Whether what was gained in windows of the same length goes on: a leak gains as much in each, a cache that fills up less
 * and less, and what drifts much in one and little in another.
 *
 * @param minErrors standard errors by which the mean gain must lie above nothing, by how much the gains differ
 */
export function areEven(gains: readonly number[], minErrors: number): boolean {
  const count = gains.length;
  if (count < 2) return false;
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / count;
  const fromMiddle = (i: number): number => i - (count - 1) / 2;
  const spread = gains.reduce((sum, _, i) => sum + fromMiddle(i) ** 2, 0);
  const slope = gains.reduce((sum, gain, i) => sum + fromMiddle(i) * gain, 0) / spread;
  const halfChange = slope * fromMiddle(count - 1);
  const error = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (count - 1) / count);
  return mean + halfChange >= minLastOverFirst * (mean - halfChange) && mean >= minErrors * error;
}
