/** Acklam's rational approximations: below 0.02425, and in the middle; the rest by symmetry. */
const tail = 0.02425;
const a = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const b = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1,
];
const c = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const d = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

/**
 * The standard normal value that is not exceeded with this probability, right to 5e-9 of itself down to 1e-9 (P. J. Acklam, An
 * algorithm for computing the inverse normal cumulative distribution function, 2003).
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) return probability === 0 ? -Infinity : probability === 1 ? Infinity : NaN;
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability < tail) {
    const q = Math.sqrt(-2 * Math.log(probability));
    return polynomial(c, q) / polynomial(d, q);
  }
  const q = probability - 0.5;
  return (polynomial(a, q * q) * q) / polynomial(b, q * q);
}
