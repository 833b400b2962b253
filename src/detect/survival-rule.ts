import type { Kind } from '../lifetime/kind.ts';
import { longAfterSweeps, matureAfterSweeps } from '../lifetime/origin.ts';
import { scaled, type Uncounted } from './scaled.ts';

/** What is taken for healthy before a site has shown how long its things live, and what its evidence is measured against. */
export interface SurvivalRule {
  /** Sweeps past its scope's end at which a thing is put to the test at the earliest. */
  readonly testAge: number;
  /** The same for timers and sockets, which healthy code leaves to time-outs of minutes. */
  readonly slowTestAge: number;
  /** Where nothing stays, the test age is so many times the age that all but `learntTail` of those that end have not passed. */
  readonly ageFactor: number;
  readonly learntTail: number;
  /** Ends after which a site's own ages count. */
  readonly minEnds: number;
  /** How many must have been followed before it is said of those that are older than some age that they stay. */
  readonly minFollowed: number;
  /** Of those, the share that may end all the same. */
  readonly maxEndingShare: number;
  /** Of those older than the test age, the share that a healthy site sees end while their age doubles, at least. */
  readonly healthyShare: number;
  /** The share that a leaky one sees end meanwhile. */
  readonly leakyShare: number;
}

/** What an origin must show before it is accused, beside the evidence of survival. */
export interface OutlivedRule extends SurvivalRule {
  /** Open long past their scope, unused, none of them late for an end. */
  readonly minSettled: number;
  /** Windows of 8 sweeps in which such were born: a lazily made singleton or a burst is born in one. */
  readonly minCohorts: number;
  /** The same for what has no scope to outlive. */
  readonly minEndlessCohorts: number;
  /** Of those put to the test, the share that may end after all. */
  readonly maxLateEndShare: number;
  /** How many may be in use for each that stands. */
  readonly maxAdoptedShare: number;
  /** Of all that was opened there. */
  readonly minShare: number;
  /** Sweeps past their scope's end from which on things have stood long, and how many must have. */
  readonly longAge: number;
  readonly minLong: number;
  /** How much fewer births a run may be, later half of the history to earlier half: a pool or a cache that fills up slows down. */
  readonly maxSlowdown: number;
  /** How many must stand where all stays, but not each run opens one: early on that might be a cache as well. */
  readonly minOfSome: number;
  /** Sweeps for which all may stay where before it all ended: an outage is over by then. */
  readonly outageSweeps: number;
  /** Sweeps that an accusation must have stood to have been right when all it spoke of is released at once. */
  readonly standingSweeps: number;
}

export const defaultOutlivedRule: OutlivedRule = {
  testAge: matureAfterSweeps,
  slowTestAge: 24,
  ageFactor: 1.5,
  learntTail: 0.005,
  minEnds: 5,
  minFollowed: 6,
  maxEndingShare: 0.1,
  healthyShare: 0.3,
  leakyShare: 0.02,
  minSettled: 6,
  minCohorts: 6,
  minEndlessCohorts: 16,
  maxLateEndShare: 0.1,
  maxAdoptedShare: 0.34,
  minShare: 0.005,
  longAge: longAfterSweeps,
  minLong: 2,
  maxSlowdown: 0.2,
  minOfSome: 60,
  outageSweeps: 390,
  standingSweeps: 64,
};

const uncounted: Uncounted<OutlivedRule> = {
  shares: [
    'learntTail',
    'maxEndingShare',
    'healthyShare',
    'leakyShare',
    'maxLateEndShare',
    'maxAdoptedShare',
    'minShare',
    'maxSlowdown',
  ],
  factors: ['ageFactor'],
};

export const scaledRule = (rule: OutlivedRule, factor: number): OutlivedRule => scaled(rule, factor, uncounted);

const slowKinds: ReadonlySet<Kind> = new Set<Kind>(['timer', 'socket']);

/** The test age of things of which nothing is known yet. */
export const priorTestAge = (kind: Kind, rule: SurvivalRule): number =>
  slowKinds.has(kind) ? rule.slowTestAge : rule.testAge;

/** Sweeps until a leak at every request can be told of: it matures, is born in enough cohorts, stands long, and is charged in a row. */
export const firstVerdictSweeps = ({ testAge, minCohorts, longAge }: OutlivedRule = defaultOutlivedRule): number =>
  Math.max(testAge + 8 * minCohorts, longAge) + 3;
