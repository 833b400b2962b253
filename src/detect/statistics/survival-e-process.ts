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

/** What became of things that were older than A since the last look. */
export interface Ageing {
  /** How often one of them has doubled its age, in sum; parts of a doubling count as such. */
  readonly doublings: number;
  readonly ended: number;
}

/**
 * The evidence after some time, in which things older than A grew older and some ended: the likelihood ratio of two
 * hazards that fall with age as 1 / age, which are such that the share that ends while age doubles is `healthyShare` or
 * `leakyShare` at any age (Pareto's law; Andersen, Borgan, Gill & Keiding, Statistical Models Based on Counting Processes,
 * II.7). Its mean is at most 1 where things end faster than that.
 *
 * @param logStake logarithm of what this look adds to the Shiryaev–Roberts sum before it is multiplied. With stakes that are
 *   set before the look and sum up to a budget, alarms at a sum of 1 come at healthy sites no more often than the budget
 *   says, however many sites there are: the sums less the stakes are a supermartingale.
 */
export function stepAgeing(
  evidence: SurvivalEvidence,
  { doublings, ended }: Ageing,
  { healthyShare, leakyShare }: SurvivalHypotheses,
  logStake: number,
): SurvivalEvidence {
  const [healthy, leaky] = [Math.log(1 - healthyShare), Math.log(1 - leakyShare)];
  const logRatio = ended * Math.log(leaky / healthy) + doublings * (leaky - healthy);
  return {
    looks: evidence.looks + ended + doublings,
    stayed: evidence.stayed + doublings,
    logProduct: evidence.logProduct + logRatio,
    logCusum: Math.max(0, evidence.logCusum + logRatio),
    logShiryaevRoberts: logStake + logOnePlus(evidence.logShiryaevRoberts - logStake) + logRatio,
  };
}

/** ln(1 + e^x), without overflow. */
const logOnePlus = (x: number): number => (x > 36 ? x : Math.log1p(Math.exp(x)));
