/**
 * The two stories about a site's items that are older than A, where A is far beyond its healthy lifetimes: what share of
 * them closes by 2A.
 */
export interface SurvivalHypotheses {
  /** A healthy site closes at least this share. */
  readonly healthyShare: number;
  /** A leaky one closes about this share. */
  readonly leakyShare: number;
}

export const survivalHypotheses: SurvivalHypotheses = { healthyShare: 0.3, leakyShare: 0.02 };

/**
 * What the looks at one site's items have shown, as natural logarithms of evidence against health.
 *
 * The likelihood ratio of one look is an e-value: its mean is at most 1 at every site that closes `healthyShare` or more,
 * whatever it was that came before. Three ways of adding them up:
 */
export interface SurvivalEvidence {
  readonly looks: number;
  readonly stayed: number;
  /**
   * Product since the start, an e-process: it ever reaches 1/α at a healthy site with a chance of at most α (Ville 1939;
   * Ramdas, Grünwald, Vovk & Shafer, Statistical Science 38 (2023) 576). Slow at a site that starts to leak late.
   */
  readonly logProduct: number;
  /** CUSUM: the product since the moment that makes it largest (Page, Biometrika 41 (1954) 100; Moustakides 1986). */
  readonly logCusum: number;
  /**
   * Shiryaev–Roberts: the sum of the products since each moment. As an e-detector (Shin, Ramdas & Rinaldo, New England
   * Journal of Statistics in Data Science 2 (2024) 229) it is at least the CUSUM, so it alarms sooner, and reaches c at
   * healthy sites at most once in c looks all the same.
   */
  readonly logShiryaevRoberts: number;
}

export const noEvidence: SurvivalEvidence = {
  looks: 0,
  stayed: 0,
  logProduct: 0,
  logCusum: 0,
  logShiryaevRoberts: -Infinity,
};

/** The evidence after one more look at an item of age A to 2A. */
export function step(
  evidence: SurvivalEvidence,
  closed: boolean,
  hypotheses: SurvivalHypotheses = survivalHypotheses,
): SurvivalEvidence {
  return stepCohort(evidence, closed ? { closed: 1, stayed: 0 } : { closed: 0, stayed: 1 }, hypotheses);
}

/** The evidence after a look at several at once. They count as one: in some order of them the evidence would be higher. */
export function stepCohort(
  evidence: SurvivalEvidence,
  { closed, stayed }: { readonly closed: number; readonly stayed: number },
  { healthyShare, leakyShare }: SurvivalHypotheses = survivalHypotheses,
): SurvivalEvidence {
  if (closed + stayed === 0) return evidence;
  const logRatio =
    closed * Math.log(leakyShare / healthyShare) + stayed * Math.log((1 - leakyShare) / (1 - healthyShare));
  return {
    looks: evidence.looks + closed + stayed,
    stayed: evidence.stayed + stayed,
    logProduct: evidence.logProduct + logRatio,
    logCusum: Math.max(0, evidence.logCusum + logRatio),
    logShiryaevRoberts: logOnePlus(evidence.logShiryaevRoberts) + logRatio,
  };
}

/** What all sites together may cost, and how much they are asked. */
export interface AlarmBudget {
  readonly alarmsPerMonth: number;
  readonly looksPerMonth: number;
}

/**
 * The evidence that an alarm needs for healthy sites to raise no more than the budget, on average. One look adds at most
 * 1 to the mean of the Shiryaev–Roberts sum, and an alarm at c, which starts it anew, spends c of it: n looks raise n / c
 * alarms at most, over however many sites, whatever ties them to each other. Holds for the CUSUM too, which is smaller.
 */
export function logThresholdOf({ alarmsPerMonth, looksPerMonth }: AlarmBudget): number {
  return Math.max(0, Math.log(looksPerMonth / alarmsPerMonth));
}

/** ln(1 + e^x), without overflow. */
const logOnePlus = (x: number): number => (x > 36 ? x : Math.log1p(Math.exp(x)));
