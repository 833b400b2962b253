import type { LevelWindow } from '../../lifetime/levels.ts';
import type { Rate } from '../finding.ts';
import { theilSen } from './theil-sen.ts';

const msPerHour = 3_600_000;

/** How many of the steps between the floors of these windows go up. */
export function risesIn(windows: readonly LevelWindow[]): number {
  let rises = 0;
  for (let i = 1; i < windows.length; i++) if ((windows[i]?.min ?? 0) > (windows[i - 1]?.min ?? 0)) rises++;
  return rises;
}

/** Whether the floor of a window is below that of the one before, which is below that of the one before it. */
export const fallsTwice = (windows: readonly LevelWindow[]): boolean =>
  windows.some(({ min }, i) => {
    const [before, beforeIt] = [windows[i - 1], windows[i - 2]];
    return before !== undefined && beforeIt !== undefined && min < before.min && before.min < beforeIt.min;
  });

/** What the floor of the windows gains an hour; `undefined` for fewer than 4 windows. */
export function growthRate(windows: readonly LevelWindow[]): Rate | undefined {
  const slope = theilSen(
    windows.map(({ endedMs }) => endedMs),
    windows.map(({ min }) => min),
  );
  if (slope === undefined) return undefined;
  return { value: slope.value * msPerHour, low: slope.low * msPerHour, high: slope.high * msPerHour };
}

/**
 * The slope of the later half over that of the earlier half: about 1 while something grows steadily, towards 0 when a
 * cache or a pool has warmed up. `NaN` for fewer than 8 windows, or where the earlier half did not grow.
 */
export function lateOverEarly(windows: readonly LevelWindow[]): number {
  const half = windows.length >> 1;
  const early = growthRate(windows.slice(0, half));
  const late = growthRate(windows.slice(-half));
  if (early === undefined || late === undefined || early.value <= 0) return NaN;
  return late.value / early.value;
}
