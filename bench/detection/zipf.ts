const euler = 0.5772156649;

/**
 * The share of new keys among the next draws when `draws` were taken of `keys` whose frequencies follow Zipf's law:
 * Σ pₖ exp(−n pₖ) with pₖ = 1 / (k H), as an integral over k.
 */
export function newKeyShare(draws: number, keys: number): number {
  const harmonic = Math.log(keys) + euler;
  if (draws <= 0) return 1;
  return Math.max(0, exponentialIntegral(draws / (harmonic * keys)) - exponentialIntegral(draws / harmonic)) / harmonic;
}

/** E₁, by its series below 1 and its continued fraction above (Abramowitz and Stegun 5.1.11 and 5.1.22). */
function exponentialIntegral(x: number): number {
  if (x > 1) {
    let fraction = x;
    for (let k = 20; k > 0; k--) fraction = x + k / (1 + k / fraction);
    return Math.exp(-x) / fraction;
  }
  let [sum, term] = [-euler - Math.log(x), 1];
  for (let k = 1; k < 20; k++) {
    term *= -x / k;
    sum -= term / k;
  }
  return sum;
}
