/** The two stories about a level: as it was in good times, and risen. */
export interface MeanShift {
  readonly mean: number;
  readonly deviation: number;
  /** The rise to look for, in deviations; smaller ones are found too, more slowly. */
  readonly rise: number;
}

/** What values have shown, as natural logarithms of evidence for a rise. */
export interface ShiftEvidence {
  /** CUSUM: since the moment that makes it largest (Page, Biometrika 41 (1954) 100). */
  readonly logCusum: number;
  /** Shiryaev–Roberts: summed over the moments at which it may have begun. */
  readonly logShiryaevRoberts: number;
}

export const noShift: ShiftEvidence = { logCusum: 0, logShiryaevRoberts: -Infinity };

/**
 * The evidence after one more value, by the likelihood ratio of two normal distributions. For noise that is no wider than
 * normal (sub-Gaussian) about a mean that has not risen, given what came before, it is an e-detector: n values raise at most
 * n / c alarms at ln c on average (Shin, Ramdas & Rinaldo, New England Journal of Statistics in Data Science 2 (2024) 229).
 * Values that depend on each other break that: give block minima, or what is left beside a forecast.
 */
export function stepShift(evidence: ShiftEvidence, value: number, { mean, deviation, rise }: MeanShift): ShiftEvidence {
  const logRatio = rise * ((value - mean) / deviation) - (rise * rise) / 2;
  if (!Number.isFinite(logRatio)) return evidence;
  const before = evidence.logShiryaevRoberts;
  return {
    logCusum: Math.max(0, evidence.logCusum + logRatio),
    logShiryaevRoberts: (before > 36 ? before : Math.log1p(Math.exp(before))) + logRatio,
  };
}
