import type { Kind } from '../lifetime/kind.ts';
import type { TraceExample } from '../lifetime/scope.ts';
import type { Site } from '../lifetime/site.ts';

export const findingTypes = [
  'unreleased_stream',
  'abandoned_generator',
  'growing_queue',
  'growing_collection',
  'leaked_client',
  'client_churn',
  'client_sockets',
  'unreleased_lease',
  'lingering_timer',
  'lingering_listener',
  'pending_task',
  'unclosed_handle',
  'heap_growth',
  'memory_limit',
  'gc_pressure',
  'fragmentation',
] as const;
export type FindingType = (typeof findingTypes)[number];

export type DetectorName = 'abandoned' | 'outlived' | 'overdue' | 'survival' | 'growth' | 'threshold';

/** `certain` only where it is proof; everything else is `likely`, however many there are. */
export type Certainty = 'certain' | 'likely';
export type Severity = 'info' | 'warning' | 'critical';
export type FindingState = 'raised' | 'updated' | 'resolved' | 'retracted';
export type Pattern = 'linear' | 'exponential' | 'stepped' | 'sporadic' | 'cyclic';

/** A rate an hour with its 95 % interval. */
export interface Rate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a detector says at one sweep; the docket turns it into a finding with a history. */
export interface Suspicion {
  readonly type: FindingType;
  readonly detector: DetectorName;
  readonly certainty: Certainty;
  readonly severity: Severity;
  readonly kind: Kind;
  /** Library-qualified where known: `pg.Client`, `fs.ReadStream`, or the name of a queue. */
  readonly resourceType: string;
  readonly site: Site | null;
  readonly scopeName: string | undefined;
  /** How many stand at this sweep. */
  readonly count: number;
  /** How many were opened there since it is watched, for "17 of 40"; 0 where unknown. */
  readonly opened: number;
  readonly bytes: number;
  /** Sockets that the counted ones have open, or had when they were closed; `undefined` where they are no clients. */
  readonly sockets?: number | undefined;
  readonly oldestAgeMs: number;
  readonly rate: Rate | undefined;
  readonly pattern: Pattern | undefined;
  readonly trace: TraceExample | undefined;
  readonly advice: string;
  readonly retainedBy: string | undefined;
}

/** One cause, one finding: a suspicion with its fingerprint, its state and its place in the app's own source. */
export interface Finding extends Suspicion {
  /** Fingerprint: hash of kind + file + function + source line text; the same over restarts, processes and line shifts. */
  readonly id: string;
  readonly state: FindingState;
  /** Source-mapped; `file` is relative to the app's root, or begins with `node_modules/`. `undefined` where nothing is known. */
  readonly place:
    | {
        readonly file: string;
        readonly line: number;
        readonly column: number;
        readonly fn: string;
        readonly text: string;
      }
    | undefined;
  /** Source-mapped frames, innermost first, one `at fn (file:line:column)` a line. */
  readonly stack: string | undefined;
  /**
   * Of one that was told before its cause was known: the finding that it goes on as. Its own state is `resolved` then, though
   * nothing was released.
   */
  readonly partOf?: Pick<Finding, 'id' | 'type' | 'place'>;
  /** Of one that is `resolved` though nothing was released: it grows no more, or is not watched any more. */
  readonly closedAs?: 'level' | 'unwatched' | undefined;
  /** Wall-clock ms since the epoch. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}
