import type { Kind } from './kind.ts';

/** Plain running integers of one kind: what the instruments observe. */
export class Tally {
  readonly kind: Kind;
  opened = 0;
  released = 0;
  errored = 0;
  abandoned = 0;
  /** Lost from view when the ledger was full: neither open nor ended. */
  dropped = 0;
  /** Bytes buffered in the open ones, as of the last sweep. */
  bufferedBytes = 0;
  /** The same, as far as the sweep that is under way has come. */
  bufferedSoFarBytes = 0;
  /** Open ones that a standing finding speaks of, as of the last sweep. */
  unreleasedLikely = 0;
  unreleasedCertain = 0;
  /** Sampled lifetimes in seconds, not yet drained by the exporter; bounded (256), what did not fit is dropped. */
  readonly lifetimeSamplesS: number[] = [];

  constructor(kind: Kind) {
    this.kind = kind;
  }

  get open(): number {
    return this.opened - this.released - this.errored - this.abandoned - this.dropped;
  }
}
