import type { Cohort } from '../../lifetime/scope-samples.ts';

/** What samples of one name must show before it is said that some stay for good. */
export interface StayingRule {
  /** Sampled ones that are still there. */
  readonly minKept: number;
  /** Cohorts of 8 sweeps with such, among the last so many that were looked at: one burst is not enough. */
  readonly minCohorts: number;
  readonly lookedAt: number;
  /** Of those that were looked at. */
  readonly minShare: number;
  /** Of those that were there at the first look, the share that may go later: slow, not stuck. */
  readonly maxLateShare: number;
  /** Share of the later half of the cohorts over that of the earlier half: a pool that fills up slows down. */
  readonly minLateOverEarly: number;
}

/** Whether some of each cohort stay, cohort after cohort. */
export function somethingStays(cohorts: readonly Cohort[], rule: StayingRule): boolean {
  const recent = cohorts.filter(({ judged }) => judged > 0).slice(-rule.lookedAt);
  const sum = (of: 'judged' | 'kept' | 'late', among = recent): number =>
    among.reduce((total, cohort) => total + cohort[of], 0);
  const kept = sum('kept');
  if (kept < rule.minKept || recent.filter((cohort) => cohort.kept > 0).length < rule.minCohorts) return false;
  if (kept < rule.minShare * sum('judged') || sum('late') > rule.maxLateShare * (kept + sum('late'))) return false;
  const half = recent.length >> 1;
  const [early, late] = [recent.slice(0, half), recent.slice(-half)];
  const shareOf = (among: Cohort[]): number => sum('kept', among) / Math.max(1, sum('judged', among));
  return shareOf(late) >= rule.minLateOverEarly * shareOf(early);
}

/** Of those that were there at the first look, the share that went later. */
export function lateShare(cohorts: readonly Cohort[]): number {
  const late = cohorts.reduce((sum, cohort) => sum + cohort.late, 0);
  const kept = cohorts.reduce((sum, cohort) => sum + cohort.kept, 0);
  return late === 0 ? 0 : late / (late + kept);
}
