/** An estimate with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const z = 1.959964;

/** A share with Wilson's score interval (E. B. Wilson, JASA 22 (1927) 209). */
export function wilson(hits: number, of: number): Estimate {
  if (of === 0) return { value: NaN, low: 0, high: 1 };
  const share = hits / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return { value: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Events per unit of exposure with the exact Poisson interval (F. Garwood, Biometrika 28 (1936) 437). */
export function poissonRate(events: number, exposure: number): Estimate {
  const low = events === 0 ? 0 : meanAt((mean) => 1 - atMost(events - 1, mean) >= 0.025, events);
  const high = meanAt((mean) => atMost(events, mean) <= 0.025, events);
  return { value: events / exposure, low: low / exposure, high: high / exposure };
}

/** The probability of at most `count` events where `mean` are expected, summed from the largest term down. */
function atMost(count: number, mean: number): number {
  let logFactorial = 0;
  for (let i = 2; i <= count; i++) logFactorial += Math.log(i);
  let term = Math.exp(count * Math.log(mean) - mean - logFactorial);
  let sum = 0;
  for (let i = count; i >= 0; i--) {
    sum += term;
    term *= i / mean;
  }
  return Math.min(1, sum);
}

/** The smallest mean for which something holds that holds from some mean on, by bisection. */
function meanAt(holds: (mean: number) => boolean, events: number): number {
  let [low, high] = [1e-9, 4 * events + 20];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The value below which a share of the sorted samples lies; those never found count as `Infinity`. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
