import { median } from 'simple-statistics';
import { choleskyOf } from './cholesky.ts';
import type { Estimate } from './estimate.ts';
import { studentProbability, studentQuantile } from './student.ts';

/** What noise may keep from one point to the next: equal steps of asin ρ are Jeffreys' prior for ρ, here a little flatter. */
const memories = Array.from({ length: 20 }, (_, i) => {
  const memory = Math.sin(Math.asin(-0.9) + ((Math.asin(0.98) - Math.asin(-0.9)) * i) / 19);
  return { memory, logPrior: 0.3 * Math.log(1 - memory * memory) };
});

/** The fit for one assumed memory, and its standing among the others. */
interface Fit {
  readonly value: number;
  readonly error: number;
  readonly logWeight: number;
}

/**
 * The last coefficient of a linear model whose noise is autoregressive of order 1: least squares after whitening, for each
 * memory ρ that the noise may have, weighted by how likely the data make it (Zellner & Tiao, JASA 59 (1964) 763; the
 * weights are the restricted likelihood, Harville, Biometrika 61 (1974) 383). The interval so counts that ρ is not known,
 * which plugging in an estimate of it does not. ρ > 0 decays with the time between two points, for floors come when the
 * collector likes (a first-order process in continuous time, R. H. Jones 1981).
 *
 * @param x strictly rising
 * @param columns of the model, each as long as y
 * @returns `undefined` for fewer than 4 points more than columns, or where a column adds nothing
 */
export function autoregressiveFit(
  x: readonly number[],
  columns: readonly (readonly number[])[],
  y: readonly number[],
  confidence = 0.95,
): Estimate | undefined {
  const degrees = y.length - columns.length;
  if (degrees < 4) return undefined;
  const gaps = x.slice(1).map((at, i) => at - (x[i] ?? 0));
  const usual = median(gaps);
  const steps = gaps.map((gap) => gap / usual);
  const all = memories.map(({ memory, logPrior }) => {
    const fit = fitWith(memory, steps, [...columns, y], degrees);
    return { ...fit, logWeight: fit.logWeight + logPrior };
  });
  if (all.some(({ value, error, logWeight }) => !Number.isFinite(value + error + logWeight))) return undefined;
  return mixtureOf(all, degrees, confidence);
}

function fitWith(memory: number, steps: readonly number[], rows: readonly (readonly number[])[], degrees: number): Fit {
  const kept = steps.map((step) => (memory > 0 ? memory ** step : memory));
  const scales = kept.map((share) => Math.sqrt(1 - share * share));
  const whitened = rows.map((row) =>
    row.map((value, i) => (i === 0 ? value : (value - (kept[i - 1] ?? 0) * (row[i - 1] ?? 0)) / (scales[i - 1] ?? 1))),
  );
  const root = choleskyOf(whitened);
  const last = root.length - 2;
  const pivot = root[last]?.[last] ?? NaN;
  const left = root[last + 1]?.[last + 1] ?? NaN;
  const logVolume = scales.reduce((sum, scale) => sum + Math.log(scale), 0);
  const logPivots = root.slice(0, -1).reduce((sum, row, i) => sum + Math.log(row[i] ?? NaN), 0);
  return {
    value: (root[last + 1]?.[last] ?? NaN) / pivot,
    error: left / Math.sqrt(degrees) / pivot,
    logWeight: -logVolume - logPivots - degrees * Math.log(left),
  };
}

/** Mean and quantiles of Student's distributions, mixed by weight. */
function mixtureOf(all: readonly Fit[], degrees: number, confidence: number): Estimate {
  const highest = Math.max(...all.map(({ logWeight }) => logWeight));
  const weighted = all
    .map((fit) => ({ ...fit, weight: Math.exp(fit.logWeight - highest) }))
    .filter(({ weight }) => weight > 1e-4);
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const quantile = (probability: number): number => {
    const t = studentQuantile(probability, degrees);
    const each = weighted.map(({ value, error }) => value + t * error);
    let [low, high] = [Math.min(...each), Math.max(...each)];
    for (let i = 0; i < 20; i++) {
      const middle = (low + high) / 2;
      const below = weighted.reduce(
        (sum, { value, error, weight }) => sum + weight * studentProbability((middle - value) / error, degrees),
        0,
      );
      if (below < probability * total) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return {
    value: weighted.reduce((sum, { value, weight }) => sum + weight * value, 0) / total,
    low: quantile((1 - confidence) / 2),
    high: quantile((1 + confidence) / 2),
  };
}
