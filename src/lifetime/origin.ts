import { History } from './history.ts';
import type { Scope, TraceExample } from './scope.ts';
import type { Site } from './site.ts';
import type { TrackedType } from './tracked-type.ts';

/**
 * Where lifetimes of one type come from: one site or, where that is not known, one scope name.
 * The running figures that detectors judge; they hold no thing of the app.
 *
 * A lifetime whose scope is over **matures** after `matureAfterSweeps`, and is **settled** after twice that:
 * what healthy code leaves behind for a moment (keep-alive, idle time-outs, TTLs) ends in between and is a late end.
 */
export class Origin {
  readonly type: TrackedType;
  readonly site: Site | null;
  /** The last scope that opened one here. */
  scope: Scope | undefined = undefined;
  /** An example of the work in a trace: the last one known of those that outlived their scope. */
  trace: TraceExample | undefined = undefined;
  /** Openings counted here. */
  opened = 0;
  /** Open past their scope's end long enough to be looked at. */
  matured = 0;
  /** Of the matured: open still, and nobody uses them. */
  standing = 0;
  /** Of the matured: had not ended by the second deadline. */
  settled = 0;
  /** Of the matured: ended by themselves after all. */
  lateEnds = 0;
  /** Of the matured: found in use after their scope, so they belong to the process. */
  adopted = 0;
  /** Bytes held in the buffers of the standing, as of the last sweep. */
  standingBytes = 0;
  /** Open past their limit and not used for as long, as of the last sweep. */
  overdue = 0;
  /** When the oldest standing one was opened, as of the last sweep; `Infinity` without one. */
  oldestOpenedMs = Infinity;
  /** Collected un-ended with something native behind them at the last look: proof. */
  abandonedNative = 0;
  /** Collected in the middle of their work (a suspended generator): its clean-up never ran. */
  abandonedSuspended = 0;
  lastAbandonedMs = 0;
  /** Maturities a window of sweeps. */
  readonly births = new History();

  constructor(type: TrackedType, site: Site | null) {
    this.type = type;
    this.site = site;
  }
}
