import type { Trend } from '../lifetime/history.ts';
import type { Origin } from '../lifetime/origin.ts';

/** Standard errors by which a count may miss what it stands for. */
const errors = 1.5;
/** Below it nobody is accused, however little that says: what filled up in a few bursts scatters too much for more. */
export const fewestRatio = 0.35;
/** Whether births slow down against the work: they are fewer than `1 − maxSlowdown` of what they were, and not by chance. */
export const slowsDown = (trend: Trend | undefined, maxSlowdown: number): boolean =>
  trend !== undefined && trend.ratio + errors * trend.error < 1 - maxSlowdown;

/**
 * How births go on, as far as all of them are told of: runs count as they begin, what they brought once it has matured. Where
 * most came later than that, up to what may have: those of long runs are missing at its end, so it rather slows down.
 */
export function trendOf({ births, runSweeps, standing, testAge }: Origin, sweep: number): Trend | undefined {
  const maturedAt = sweep - testAge;
  const whole = births.trend(maturedAt - Math.floor(runSweeps));
  return whole !== undefined && whole.events >= standing / 2 ? whole : births.trend(maturedAt);
}
