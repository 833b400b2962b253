import { median } from 'simple-statistics';
import { autocorrelation } from './autocorrelation.ts';

/**
 * Where a level steps: the first indices of new segments, such that the squared distances from the segments' means and a
 * price for each step are least in sum. Exact, by optimal partitioning (Jackson et al., IEEE Signal Processing Letters 12
 * (2005) 105), n² / 2 steps of work.
 *
 * @param price of a step; by default `usualPrice`
 * @param shortest segment
 */
export function changePoints(values: readonly number[], price = usualPrice(values), shortest = 3): number[] {
  const costOf = segmentCosts(values);
  const least = [-price];
  const cameFrom = [0];
  for (let end = 1; end <= values.length; end++) {
    least[end] = Infinity;
    for (let from = 0; from <= end - shortest; from++) {
      const total = (least[from] ?? Infinity) + costOf(from, end) + price;
      if (total >= (least[end] ?? Infinity)) continue;
      least[end] = total;
      cameFrom[end] = from;
    }
  }
  const steps: number[] = [];
  for (let at = cameFrom[values.length] ?? 0; at > 0; at = cameFrom[at] ?? 0) steps.unshift(at);
  return steps;
}

/**
 * 2 σ² ln n, Schwarz's price for a step, times (1 + ρ) / (1 - ρ) for noise that keeps ρ from one to the next, as slow swings
 * look like steps. Both are taken from the differences between neighbours, cut at three deviations, so that steps do not
 * widen them: their variance is 2 σ² (1 - ρ), their correlation with the next -(1 - ρ) / 2.
 */
export function usualPrice(values: readonly number[]): number {
  if (values.length < 3) return Infinity;
  const differences = values.slice(1).map((value, i) => value - (values[i] ?? 0));
  const deviation = 1.482602 * median(differences.map(Math.abs));
  const cut = differences.map((difference) => Math.max(-3 * deviation, Math.min(3 * deviation, difference)));
  const memory = Math.max(0, Math.min(0.9, 1 + 2 * autocorrelation(cut, 1)));
  const variance = (deviation * deviation) / (2 * (1 - memory));
  return ((2 * variance * (1 + memory)) / (1 - memory)) * Math.log(values.length);
}

/** Squared distances from the mean of values `from` to `end`, exclusively, from running sums. */
function segmentCosts(values: readonly number[]): (from: number, end: number) => number {
  const offset = values.length === 0 ? 0 : median([...values]);
  const sums = [0];
  const squares = [0];
  for (const [i, value] of values.entries()) {
    const off = value - offset;
    sums.push((sums[i] ?? 0) + off);
    squares.push((squares[i] ?? 0) + off * off);
  }
  return (from, end) => {
    const sum = (sums[end] ?? 0) - (sums[from] ?? 0);
    return Math.max(0, (squares[end] ?? 0) - (squares[from] ?? 0) - (sum * sum) / (end - from));
  };
}
