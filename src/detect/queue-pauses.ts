import { median } from 'simple-statistics';
import type { DriftWindow } from '../lifetime/drift.ts';
import type { WatchedQueue } from '../lifetime/queues.ts';

/** Two thirds of what a window usually gains, and three and a half deviations of it as its steps scatter: less is a pause. */
const pausedShare = 2 / 3;
const pausedDeviations = 3.5;

/** The windows in which nothing but the last so many looks were taken. */
export function windowsWithin(windows: readonly DriftWindow[], looks: number): readonly DriftWindow[] {
  let left = looks;
  return windows.slice(windows.findLastIndex(({ steps }) => (left -= steps) < 0) + 1);
}

/**
 * Whether the rise is more than jobs that came one right after the other. A job ends before the next one begins: there the
 * rise pauses, and what it was until then is a rise of a sort that ends, though it did not drain. None is while it pauses.
 *
 * @param higher so many times as high as at any of its pauses, or `longer` so many times as long as any of its pieces
 */
export function isBeyondPauses({ levels, drift }: WatchedQueue, higher: number, longer: number): boolean {
  const windows = windowsWithin(drift.scales[0]?.windows ?? [], levels.riseSweeps);
  if (windows.length === 0) return true;
  const leastGain = leastGainOf(windows);
  let [pieceSweeps, longestSweeps, highest, grownSweeps] = [0, 0, 0, levels.riseSweeps];
  for (const { gain, steps, max } of windows) {
    if (gain >= leastGain) {
      pieceSweeps += steps;
      continue;
    }
    grownSweeps -= steps;
    if (pieceSweeps > 0) highest = max;
    longestSweeps = Math.max(longestSweeps, pieceSweeps);
    pieceSweeps = 0;
  }
  if (pieceSweeps === 0) return false;
  return longestSweeps === 0 || grownSweeps > longer * longestSweeps || levels.level > higher * highest;
}

/** By medians, so that a pause does not hide itself. */
function leastGainOf(windows: readonly DriftWindow[]): number {
  const usual = median(windows.map(({ gain }) => gain));
  const deviation = Math.sqrt(median(windows.map((window) => gainVariance(window))));
  return Math.min(pausedShare * usual, usual - pausedDeviations * deviation);
}

const gainVariance = ({ steps, gain, squares }: DriftWindow): number =>
  Math.max(0, steps * squares - gain ** 2) / (steps - 1);
