import type { Suspicion } from './finding.ts';

/** A suspicion with what the docket needs to follow it from sweep to sweep. */
export interface Charge {
  /** The same at every sweep for the same cause. */
  readonly key: string;
  readonly suspicion: Suspicion;
  /** Asked when the charge is no longer made: was it right and is over, or was it wrong? */
  readonly whenGone: () => 'resolved' | 'retracted';
}

/** One rule, pure: reads the ledger, says what is wrong now. */
export interface Detector {
  readonly name: string;
  /** It begins with a reading of the system, which takes as long as a slice may: it has one to itself. */
  readonly readsSystem?: boolean;
  /** Each `undefined` is a place where the sweep may pause: there should be one for each few µs of work. */
  check(sweep: number, nowMs: number): Iterable<Charge | undefined>;
}
