import type { Suspicion } from './finding.ts';

/** What became of a charge that is no longer made. */
export type Outcome =
  /** It was right and is over. */
  | 'resolved'
  /** It was wrong. */
  | 'retracted'
  /** It grows no more, and what it counted is open still: a pool that is full, or a leak whose cause is gone. */
  | 'level'
  /** Nobody looks any more: its hooks are off. */
  | 'unwatched';

/** A suspicion with what the docket needs to follow it from sweep to sweep. */
export interface Charge {
  /** The same at every sweep for the same cause. */
  readonly key: string;
  readonly suspicion: Suspicion;
  /** Asked when the charge is no longer made. */
  readonly whenGone: () => Outcome;
}

/** Looks at one origin each that find nothing: a few µs together. */
export const looksBetweenPauses = 32;

/** One rule, pure: reads the ledger, says what is wrong now. */
export interface Detector {
  readonly name: string;
  /** It begins with a reading of the system, which takes as long as a slice may: it has one to itself. */
  readonly readsSystem?: boolean;
  /** Each `undefined` is a place where the sweep may pause: there should be one for each few µs of work. */
  check(sweep: number, nowMs: number): Iterable<Charge | undefined>;
}
