import type { HeapFloor } from '../lifetime/heap-floors.ts';
import type { Severity } from './finding.ts';
import type { Baseline } from './memory-baseline.ts';
import { isWorse } from './severity.ts';
import type { UsualLevels } from './memory-usual.ts';
import type { Exhaustion, MemoryLimit, MemoryOutlook, MemoryPool } from './memory-outlook.ts';
import type { MemoryGrowth } from './memory-growth.ts';

/** A figure from which on it is a warning, and one from which on it is critical. */
export interface TwoLevels {
  readonly warning: number;
  readonly critical: number;
}

/**
 * Whether the figures that know nothing of the machine count in full, or those that the process has learned of itself. A
 * share of the limits, and the time until one is reached, always do.
 */
export type ThresholdSort = 'limit' | 'absolute' | 'learned';

export interface MemoryThresholds {
  readonly sort: ThresholdSort;
  /** Share of a limit that is taken. */
  readonly limitRatio: TwoLevels;
  /** Hours until a limit is reached: `critical` is the smaller one. */
  readonly exhaustionHours: TwoLevels;
  readonly aboveBaselineBytes: TwoLevels;
  readonly growthBytesPerHour: TwoLevels;
}

/** What is known of the memory at one moment. */
export interface MemoryFacts {
  readonly rssBytes: number;
  /** What lived in the heap after the last major collection; `undefined` before the first. */
  readonly heapFloor: HeapFloor | undefined;
  readonly limits: readonly MemoryLimit[];
  readonly baseline: Baseline | undefined;
  readonly usual: UsualLevels | undefined;
  readonly outlook: MemoryOutlook;
}

export type AlarmReason =
  | { readonly why: 'limit'; readonly limit: MemoryLimit; readonly usedBytes: number }
  | { readonly why: 'exhaustion'; readonly exhaustion: Exhaustion }
  | { readonly why: 'usual'; readonly usual: UsualLevels }
  | { readonly why: 'baseline'; readonly baseline: Baseline }
  | { readonly why: 'growth'; readonly pool: MemoryPool; readonly growth: MemoryGrowth };

export type MemoryAlarm = AlarmReason & { readonly severity: Severity };

/**
 * How many times as far as the growth was watched a forecast may reach to wake anybody, with its latest hour: what grows for
 * hours and then ends has next to never taken a third of the room by then.
 */
const maxAheadOfWatched = 2;
/** For so long at the threshold it must have grown: a rate over minutes is no rate. */
const minGainHours = 0.5;

/**
 * The worst that these figures say.
 *
 * @param ease how much lower the thresholds lie, as a factor up to 1: for an alarm that stands
 */
export function worstAlarm(facts: MemoryFacts, thresholds: MemoryThresholds, ease = 1): MemoryAlarm | undefined {
  let worst: MemoryAlarm | undefined;
  for (const alarm of alarmsOf(facts, thresholds, ease)) {
    if (worst === undefined || isWorse(alarm.severity, worst.severity)) worst = alarm;
  }
  return worst;
}

function* alarmsOf(facts: MemoryFacts, thresholds: MemoryThresholds, ease: number): Iterable<MemoryAlarm> {
  const { rssBytes, baseline, outlook } = facts;
  const { exhaustion, fastest } = outlook;
  if (exhaustion !== undefined) {
    const { warning, critical } = thresholds.exhaustionHours;
    const severity = severityOf(1 / exhaustion.hours, { warning: 1 / warning, critical: 1 / critical }, ease);
    const isNear = exhaustion.latestHours * ease <= maxAheadOfWatched * exhaustion.watchedHours;
    if (severity !== undefined) yield { why: 'exhaustion', exhaustion, severity: isNear ? severity : 'info' };
  }
  for (const limit of facts.limits) {
    const usedRatio = usedShareOf(limit, facts);
    const severity = severityOf(usedRatio, thresholds.limitRatio, ease);
    if (severity !== undefined) yield { why: 'limit', limit, usedBytes: usedRatio * limit.bytes, severity };
  }
  const usual = thresholds.sort === 'learned' ? facts.usual : undefined;
  if (usual !== undefined) {
    const severity = severityOf(rssBytes, { warning: usual.warningBytes, critical: usual.criticalBytes }, ease);
    if (severity !== undefined) yield { why: 'usual', usual, severity };
  }
  const inFull = thresholds.sort === 'absolute';
  if (baseline !== undefined) {
    const severity = severityOf(rssBytes - baseline.rssBytes, thresholds.aboveBaselineBytes, ease);
    if (severity !== undefined) yield { why: 'baseline', baseline, severity: inFull ? severity : 'info' };
  }
  const growth = fastest === undefined ? undefined : outlook.growth.get(fastest);
  if (fastest !== undefined && growth !== undefined) {
    const severity = severityOf(growth.rate.value, thresholds.growthBytesPerHour, ease);
    const gained = growth.gainBytes >= minGainHours * thresholds.growthBytesPerHour.warning;
    if (gained && severity !== undefined)
      yield { why: 'growth', pool: fastest, growth, severity: inFull ? severity : 'info' };
  }
}

/** How much of a limit is taken: of a heap by what lives, of a group by all of it, of the host by this process. */
export function usedShareOf(limit: MemoryLimit, { heapFloor, rssBytes }: MemoryFacts): number {
  const { source, bytes, usedBytes } = limit;
  if (source === 'v8') return (heapFloor?.bytes ?? 0) / bytes;
  return (source === 'host' ? rssBytes : usedBytes) / bytes;
}

function severityOf(value: number, { warning, critical }: TwoLevels, ease: number): Severity | undefined {
  if (value >= critical * ease) return 'critical';
  return value >= warning * ease ? 'warning' : undefined;
}
