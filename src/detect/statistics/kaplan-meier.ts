import { normalQuantile } from './normal.ts';

/** How many lifetimes ended at an age (in any one unit), and of how many no more is known from there on: open, or lost from sight. */
export interface LifetimesAt {
  readonly age: number;
  readonly ended: number;
  readonly censored: number;
}

/** A step of the curve: the share that lives longer than this age, with its interval. */
export interface SurvivalStep {
  readonly age: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** Of which no end or censoring was known before this age. */
  readonly atRisk: number;
}

/**
 * How long lifetimes last when some are not over (Kaplan & Meier, JASA 53 (1958) 457). What is censored at the age of an
 * end counts as at risk there. Variance by Greenwood (1926), interval on the scale of ln(-ln S), which stays within 0 and
 * 1 (Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 1.4); where all have ended it is a point.
 *
 * Counts of a histogram may be given: then `age` is the upper bound of the bucket, so that ends are told late, never
 * early, and what is censored within a bucket counts as at risk in it in full.
 *
 * @param lifetimes in any order
 * @param confidence of each step's interval by itself
 * @returns one step for each age at which something ended, youngest first
 */
export function kaplanMeier(lifetimes: readonly LifetimesAt[], confidence = 0.95): SurvivalStep[] {
  const z = normalQuantile((1 + confidence) / 2);
  let atRisk = lifetimes.reduce((sum, { ended, censored }) => sum + ended + censored, 0);
  let share = 1;
  let greenwood = 0;
  const steps: SurvivalStep[] = [];
  for (const { age, ended, censored } of byAge(lifetimes)) {
    if (ended > 0) {
      share *= 1 - ended / atRisk;
      greenwood += ended / (atRisk * (atRisk - ended));
      steps.push({ age, share, ...intervalOf(share, greenwood, z), atRisk });
    }
    atRisk -= ended + censored;
  }
  return steps;
}

/** The share that lives longer than an age. */
export interface SurvivalPoint {
  readonly age: number;
  readonly share: number;
}

/**
 * The curve alone, without its intervals.
 *
 * @param lifetimes youngest first, no two of one age
 */
export function survivalCurve(lifetimes: readonly LifetimesAt[]): SurvivalPoint[] {
  // from the oldest on: taking off would leave a rounding error beside counts that were halved often
  let atRisk = 0;
  const atRiskAt = lifetimes.map(() => 0);
  for (let i = lifetimes.length - 1; i >= 0; i--) {
    const { ended = 0, censored = 0 } = lifetimes[i] ?? {};
    atRiskAt[i] = atRisk += ended + censored;
  }
  let share = 1;
  const points: SurvivalPoint[] = [];
  for (const [i, { age, ended }] of lifetimes.entries()) {
    if (ended > 0) points.push({ age, share: (share *= 1 - ended / (atRiskAt[i] ?? 0)) });
  }
  return points;
}

/** The age at which the curve has come down to `1 - q`. */
export interface LifetimeQuantile {
  readonly age: number;
  /** Ages at which the bounds of the curve's interval come down to it (Brookmeyer & Crowley, Biometrics 38 (1982) 29). */
  readonly low: number;
  /** `Infinity` where the upper bound does not come down so far: too few were seen to end. */
  readonly high: number;
}

/** @returns `undefined` where too few ended to know */
export function lifetimeQuantile(steps: readonly SurvivalStep[], q: number): LifetimeQuantile | undefined {
  const left = 1 - q + 1e-12;
  const at = steps.find(({ share }) => share <= left);
  if (at === undefined) return undefined;
  const low = steps.find((step) => step.low <= left) ?? at;
  const high = steps.find((step) => step.high <= left);
  return { age: at.age, low: low.age, high: high?.age ?? Infinity };
}

/** The share that lives longer than this age. */
export function shareBeyond(steps: readonly SurvivalStep[], age: number): number {
  return steps.findLast((step) => step.age <= age)?.share ?? 1;
}

function intervalOf(share: number, greenwood: number, z: number): { low: number; high: number } {
  if (share <= 0 || share >= 1) return { low: Math.max(0, share), high: Math.max(0, share) };
  const width = (z * Math.sqrt(greenwood)) / -Math.log(share);
  return { low: share ** Math.exp(width), high: share ** Math.exp(-width) };
}

function byAge(lifetimes: readonly LifetimesAt[]): LifetimesAt[] {
  const merged = new Map<number, LifetimesAt>();
  for (const { age, ended, censored } of lifetimes) {
    const before = merged.get(age);
    merged.set(age, {
      age,
      ended: ended + (before?.ended ?? 0),
      censored: censored + (before?.censored ?? 0),
    });
  }
  return [...merged.values()].toSorted((a, b) => a.age - b.age);
}
