import type { Trend } from '../lifetime/history.ts';
import type { Origin } from '../lifetime/origin.ts';
import { fewestRatio, slowsDown } from './slowdown.ts';
import type { Before } from './survival.ts';
import type { OutlivedRule } from './survival-rule.ts';

/** Of what is opened, the share that ends, below which nothing ends there. */
const nothingEnds = 0.1;
/** The same of what ends early, below which it is not known how long healthy ones live: late ends lived as long as what stays. */
const fewEndEarly = 0.3;
/**
 * Where nothing ends: the least power with which births go on, from 0.95 for 60 standing down to 0.92 for 80 and more. A
 * cache that fills for hours falls below 0.9 in that time, and a leak comes as near to 1 as chance lets it (1/√n).
 */
const leastShape = (standing: number): number => 0.92 + Math.max(0, 80 - standing) / 800;
/** Where nothing ends and so many for each standing one are in use, it is a cache, and those are its rare keys. */
const usedShare = 0.05;
/** From so many births on, so many a run: each run brings one, and nothing fills up. */
const eachRun = { events: 40, perRun: 0.95, ratio: 0.85 };
/** Ends and sweeps from which on something was usual before. */
const minRecord = 8;
const minRecordSweeps = 64;

/** Whether births tell of something that fills up, a pool or a cache, and not of a leak; `trend` up to what has matured. */
export function fillsUp(origin: Origin, trend: Trend | undefined, rule: OutlivedRule): boolean {
  const isFew = areFew(origin, rule);
  // most were born in the window that is not over
  if (trend === undefined || trend.events < origin.standing / 2) return isFew;
  if (trend.ratio < fewestRatio || slowsDown(trend, rule.maxSlowdown)) return true;
  if (trend.perRun === 0 || !nearlyAllStay(origin)) return false;
  if (origin.adopted > usedShare * origin.standing) return true;
  return !isEachRun(trend) && (isFew || trend.shape < leastShape(origin.standing));
}

/** Whether nearly all that is opened stays, and that is not much yet: healthy ones may well live as long. */
export const areFew = (origin: Origin, { minOfSome }: OutlivedRule): boolean =>
  nearlyAllStay(origin) && origin.standing < minOfSome;

const nearlyAllStay = ({ opened, ended, lateEnds }: Origin): boolean =>
  endsShare(opened, ended - lateEnds) < fewEndEarly;

/** Whether all stays at once where all had ended before: more likely it all waits for something, and ends with that. */
export function waitsAsInOutage(
  origin: Origin,
  before: Before,
  sweep: number,
  { outageSweeps }: OutlivedRule,
): boolean {
  if (before.ended < minRecord || before.sweep - origin.firstSweep < minRecordSweeps) return false;
  return (
    sweep - before.sweep < outageSweeps &&
    endsShare(origin.opened - before.opened, origin.ended - before.ended) < nothingEnds
  );
}

const isEachRun = ({ events, perRun, ratio }: Trend): boolean =>
  events >= eachRun.events && perRun >= eachRun.perRun && ratio >= eachRun.ratio;

const endsShare = (opened: number, ended: number): number => (opened > 0 ? ended / opened : 1);

/** Whether more than a share of those that were put to the test ended after all. */
export function endsLate({ lateEnds, stayed }: Origin, before: Before, share: number): boolean {
  const ended = lateEnds - before.lateEnds;
  return ended > share * (ended + stayed - before.stayed);
}

export function bitsIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
