import { gammaln } from 'simple-statistics';
import { normalQuantile } from './normal.ts';

/** The chance that Student's t of these degrees of freedom does not exceed a value (Abramowitz & Stegun 26.7.1). */
export function studentProbability(value: number, degrees: number): number {
  const both = incompleteBeta(degrees / (degrees + value * value), degrees / 2, 0.5);
  return value > 0 ? 1 - both / 2 : both / 2;
}

/** Quantiles and gammas that were asked for: the same few are, again and again. */
const maxKnown = 512;
const knownQuantiles = new Map<string, number>();
const knownFronts = new Map<string, number>();

function known(values: Map<string, number>, key: string, compute: () => number): number {
  let value = values.get(key);
  if (value === undefined) {
    if (values.size >= maxKnown) values.clear();
    values.set(key, (value = compute()));
  }
  return value;
}

/** The value of Student's t that is not exceeded with this probability; `NaN` without degrees of freedom. */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(degrees > 0)) return NaN;
  if (!(probability > 0 && probability < 1) || probability === 0.5) return normalQuantile(probability);
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
  return known(knownQuantiles, `${probability} ${degrees}`, () => quantileByBisection(probability, degrees));
}

function quantileByBisection(probability: number, degrees: number): number {
  let [low, high] = [0, 2 * normalQuantile(probability)];
  while (studentProbability(high, degrees) < probability) [low, high] = [high, 2 * high];
  for (let i = 0; i < 52 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2;
    if (studentProbability(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22) where that converges fast. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const logGammas = known(knownFronts, `${a} ${b}`, () => gammaln(a + b) - gammaln(a) - gammaln(b));
  const front = Math.exp(logGammas + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front / a) * fraction(x, a, b) : 1 - (front / b) * fraction(1 - x, b, a);
}

/** Evaluated from the front (Lentz, Applied Optics 15 (1976) 668). */
function fraction(x: number, a: number, b: number): number {
  let numerator = 1;
  let denominator = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = denominator;
  for (let m = 1; m <= 200; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    denominator = 1 / (1 + even * denominator);
    numerator = 1 + even / numerator;
    value *= numerator * denominator;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    denominator = 1 / (1 + odd * denominator);
    numerator = 1 + odd / numerator;
    value *= numerator * denominator;
    if (Math.abs(numerator * denominator - 1) < 1e-15) break;
  }
  return value;
}
