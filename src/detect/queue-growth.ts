import { mean, standardDeviation } from 'simple-statistics';
import type { DriftWindow } from '../lifetime/drift.ts';
import type { QueueSort, WatchedQueue } from '../lifetime/queues.ts';
import type { Rate } from './finding.ts';
import { isBeyondPauses, windowsWithin } from './queue-pauses.ts';
import { fallsTwice, growthRate, lateOverEarly, risesIn } from './statistics/growth.ts';
import { normalQuantile } from './statistics/normal.ts';

/** What the floors of some windows must show: which are looked at, and which share of their steps goes up. */
interface Rise {
  readonly windows: number;
  readonly minRises: number;
  /** Slope of the later half over the earlier half: what warms up slows down. */
  readonly minLateOverEarly: number;
}

interface GrowthRule {
  /** The fewer windows, the stricter. */
  readonly rises: readonly Rise[];
  /** Items by which the floor must have risen, and that as a share of where it was. */
  readonly minGain: number;
  readonly minGainShare: number;
}

const rules: Readonly<Record<QueueSort, GrowthRule>> = {
  queue: {
    // the first is longer than a job takes to fill a queue: 88 sweeps
    rises: [
      { windows: 11, minRises: 1, minLateOverEarly: 0.5 },
      { windows: 16, minRises: 0.9, minLateOverEarly: 0.5 },
      { windows: 32, minRises: 0.6, minLateOverEarly: 0.5 },
    ],
    minGain: 16,
    minGainShare: 0.25,
  },
  collection: {
    rises: [
      { windows: 11, minRises: 0.6, minLateOverEarly: 0.8 },
      { windows: 16, minRises: 0.6, minLateOverEarly: 0.7 },
      { windows: 32, minRises: 0.5, minLateOverEarly: 0.7 },
    ],
    minGain: 64,
    minGainShare: 0.5,
  },
};

/** Over the highest and the longest rise that fell again: jobs come in twos and threes as well. */
const overPastHeight = 3;
const overPastSpan = 4;
/**
 * A walk whose steps are as likely to go up as down gains so many times the root of the sum of their squares with a chance
 * of at most exp(−z² / 2), 4 in a million (Efron, JASA 64 (1969) 1278).
 */
const minOverWalk = 5;
/** Or the steps of its floor, as many as 15, spread by so much of their mean: at chance one series in a million (Student's t). */
const minEvenWindows = 16;
const maxSpread = 0.48;
/** What stays of what comes and goes, (a − d) / (a + d): at most one in four that comes may be one that goes. */
const minKept = 0.6;
/** Falls that a walk at chance would have shown, where there is none. */
const minFallsMissed = 5;
/** The power of time of its growth, after so many standard errors: keys of which most are known make about 0.6. */
const minShape = 0.75;
const shapeErrors = 1.5;

/** How fast it grows, where by all that is known of it the growth does not end by itself. */
export function unendingGrowth(queue: WatchedQueue): Rate | undefined {
  const { sort, levels, drift } = queue;
  if (!levels.isBeyondPast(overPastHeight, overPastSpan)) return undefined;
  for (const scale of drift.scales) {
    for (const rise of rules[sort].rises) {
      const windows = scale.windows.slice(-rise.windows);
      if (!rises(windows, rise, rules[sort]) || !lasts(queue, windows)) continue;
      const rate = growthRate(windows);
      if (rate !== undefined && rate.low > 0) return rate;
    }
  }
  return undefined;
}

/** How fast it has grown of late; `undefined` where it is followed for too short a time. */
export const recentGrowth = ({ sort, levels }: WatchedQueue): Rate | undefined =>
  growthRate(levels.windows.slice(-(rules[sort].rises[0]?.windows ?? 0)));

function rises(windows: readonly DriftWindow[], rise: Rise, rule: GrowthRule): boolean {
  const [first, last] = [windows.at(0), windows.at(-1)];
  if (windows.length < rise.windows || first === undefined || last === undefined) return false;
  if (last.min - first.max < Math.max(rule.minGain, rule.minGainShare * first.max)) return false;
  if (risesIn(windows) < rise.minRises * (windows.length - 1) || risesIn(windows.slice(-2)) === 0) return false;
  // what falls twice is worked off
  return !fallsTwice(windows) && lateOverEarly(windows) >= rise.minLateOverEarly;
}

function lasts(queue: WatchedQueue, windows: readonly DriftWindow[]): boolean {
  const { sort, levels, drift } = queue;
  if (sort === 'queue') {
    return (isNoWalk(windows) || isEven(windows)) && isBeyondPauses(queue, overPastHeight, overPastSpan);
  }
  // a window in which it began to grow scatters for that alone
  return (
    isKept(windowsWithin(windows, levels.riseSweeps)) && drift.shape * (1 - shapeErrors * drift.shapeError) >= minShape
  );
}

const isNoWalk = (windows: readonly DriftWindow[]): boolean =>
  sumOf(windows, ({ gain }) => gain) >= minOverWalk * Math.sqrt(sumOf(windows, ({ squares }) => squares));

/** Whether its floor gains about as much from window to window, however it goes up and down within them. */
function isEven(windows: readonly DriftWindow[]): boolean {
  if (windows.length < minEvenWindows) return false;
  const steps = windows.slice(1).map(({ min }, i) => min - (windows[i]?.min ?? 0));
  return standardDeviation(steps) <= maxSpread * mean(steps);
}

/**
 * Whether what comes stays. Of a that come and d that go at random a step gains a − d with a variance of a + d, taken within
 * windows, for rates change. What comes in batches varies more, but never falls.
 */
function isKept(windows: readonly DriftWindow[]): boolean {
  const steps = sumOf(windows, (window) => window.steps);
  const perStep = sumOf(windows, ({ gain }) => gain) / steps;
  const squares = sumOf(windows, (window) => window.squares - window.gain ** 2 / window.steps);
  const variance = squares / (steps - windows.length);
  if (perStep >= minKept * variance) return true;
  const falls = sumOf(windows, (window) => window.falls);
  return falls === 0 && perStep <= -normalQuantile(minFallsMissed / steps) * Math.sqrt(variance);
}

const sumOf = (windows: readonly DriftWindow[], of: (window: DriftWindow) => number): number =>
  windows.reduce((sum, window) => sum + of(window), 0);
