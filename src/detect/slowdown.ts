import type { Trend } from '../lifetime/history.ts';

/** Standard errors by which a count may miss what it stands for. */
const errors = 1.5;
/** Below it nobody is accused, however little that says: what filled up in a few bursts scatters too much for more. */
export const fewestRatio = 0.35;
/** Whether births slow down against the work: they are fewer than `1 − maxSlowdown` of what they were, and not by chance. */
export const slowsDown = (trend: Trend | undefined, maxSlowdown: number): boolean =>
  trend !== undefined && trend.ratio + errors * trend.error < 1 - maxSlowdown;
