import type { Kind } from './kind.ts';
import type { End } from './probe.ts';
import type { ScopeStats } from './scope-stats.ts';
import type { Survivors } from './survivors.ts';
import type { Tally } from './tally.ts';
import type { TrackedType } from './tracked-type.ts';

/** What the walk over the survivors needs of their ledger. */
export interface SweptLedger {
  readonly survivors: Survivors;
  readonly tallies: ReadonlyMap<Kind, Tally>;
  readonly types: readonly TrackedType[];
  readonly scopeStats: ScopeStats;
  readonly sweepCount: number;
  /** Ms of its clock as of the begin of the walk. */
  readonly nowMs: number;
  /** Major garbage collections so far. */
  majors(): number;
  isAdopted(thing: object): boolean;
  /** Books the end of a survivor. */
  close(slot: number, end: End | 'unreadable'): void;
}
