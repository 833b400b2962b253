import { History } from './history.ts';
import { LifeTable } from './life-table.ts';
import type { Scope, TraceExample } from './scope.ts';
import type { Runs } from './scope-stats.ts';
import type { Site } from './site.ts';
import type { TrackedType } from './tracked-type.ts';

/** Sweeps past its scope's end after which an open lifetime is looked at, as long as no rule says otherwise. */
export const matureAfterSweeps = 16;
/** Sweeps past its scope's end from which on it has stood long, likewise. */
export const longAfterSweeps = 62;

/**
 * Where lifetimes of one type come from: one site or, where that is not known, one scope name.
 * The running figures that detectors judge; they hold no thing of the app.
 *
 * A lifetime whose scope is over is put to the test at `testAge`, and **matures** there as soon as it is known to be held.
 * It is **settled** when it is there still at half as much again: what healthy code leaves behind for a moment (keep-alive,
 * idle time-outs, TTLs) ends in between and is a late end.
 */
export class Origin {
  readonly type: TrackedType;
  readonly site: Site | null;
  /** The last scope that opened one here. */
  scope: Scope | undefined = undefined;
  /** How often the work was done that opened some here which outlived it; at most 8 sorts of work. */
  readonly work: Runs[] = [];
  /** Of that, what it is thought to be while the first run that opened some is under way. */
  awaited: Runs | undefined = undefined;
  /** An example of the work in a trace: the last one known of those that outlived their scope. */
  trace: TraceExample | undefined = undefined;
  /** Openings counted here, and ends of those. */
  opened = 0;
  ended = 0;
  /** Of those ends, the ones that came before the work was over that opened them, or right with it. */
  endedInTime = 0;
  /** The work in which the last one was opened. */
  openedIn: Scope | undefined = undefined;
  /** The first sweep that knew of it, −1 before. */
  firstSweep = -1;
  /** Open past their scope's end long enough to be looked at. */
  matured = 0;
  /** Of the matured: open still, and nobody uses them. */
  standing = 0;
  /** Of the standing: half as old again as at their test. */
  settled = 0;
  /** How often one of them has doubled its age since its test, twice at most; parts count as such. A running total. */
  stayed = 0;
  /** Those older than their test age that ended after all, or were let go. A running total. */
  lateEnds = 0;
  /** Of the standing: ended after all, or were let go. A running total, and the windows of 8 sweeps in which some did. */
  standingEnds = 0;
  standingEndCohorts = 0;
  lastStandingEndCohort = -1;
  /** Found in use after their scope, so they belong to the process: as many as are open now, and as there ever were. */
  adopted = 0;
  adoptions = 0;
  /** Sweeps past their scope's end at which they are put to the test, as the rules have learnt. */
  testAge = matureAfterSweeps;
  /** The last sweep at which that became less. */
  testAgeLoweredSweep = 0;
  /** Sweeps past their scope's end from which on they have stood long. */
  longAge = longAfterSweeps;
  /** Of the standing: have stood long, as of the last sweep. */
  longStanding = 0;
  /** A bit for each window of 8 sweeps in which some of the standing were born, as of the last sweep; 32 go round. */
  cohortBits = 0;
  /** How old they get after their scope's end. */
  readonly ages = new LifeTable();
  /** Bytes held in the buffers of the standing, as of the last sweep. */
  standingBytes = 0;
  /** Sockets that the standing have open, as of the last sweep. */
  standingSockets = 0;
  /** Open past their limit and not used for as long, as of the last sweep. */
  overdue = 0;
  /** When the oldest standing one was opened, as of the last sweep; `Infinity` without one. */
  oldestOpenedMs = Infinity;
  /** Collected un-ended with something native behind them at the last look: proof. */
  abandonedNative = 0;
  /** Collected in the middle of their work (a suspended generator): its clean-up never ran. */
  abandonedSuspended = 0;
  lastAbandonedMs = 0;
  /** Those that matured, by the sweep at which the run counts that opened them. */
  readonly births = new History();
  /** Sweeps from there to the end of that run, rather those of the longer ones. */
  runSweeps = 0;

  constructor(type: TrackedType, site: Site | null) {
    this.type = type;
    this.site = site;
  }
}
