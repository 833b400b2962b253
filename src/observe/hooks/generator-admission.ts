import type { Ledger } from '../../lifetime/ledger.ts';
import { stamp } from '../../runtime/stamp.ts';

/** Of all functions together, a sweep. */
const perSweep = 256;
/** Of one generator function, a sweep. */
const perFunction = 128;

interface Share {
  sweep: number;
  taken: number;
}

/**
 * How many generators a sweep are followed. One that ran to its end looks open until it is looked at (25 µs) or collected, so
 * a busy app has a sample of its generators followed, spread over its generator functions.
 */
export class GeneratorAdmission {
  readonly #ledger: Ledger;
  /** By the prototype that all generators of one function share. */
  readonly #shares = stamp<Share>();
  readonly #all: Share = { sweep: -1, taken: 0 };
  #sweepMs = 0;
  #fullMs: number | undefined;
  /** Of the sweep before this one, the part in which all were followed: the share that was, where they come evenly. */
  followedShare = 1;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Whether none is admitted before the next sweep. */
  get isFull(): boolean {
    if (this.#all.sweep !== this.#ledger.sweepCount) this.#nextSweep();
    if (this.#hasRoom(this.#all, this.#share(perSweep))) return false;
    this.#fullMs ??= this.#ledger.nowMs;
    return true;
  }

  admits(generator: object): boolean {
    if (this.isFull) return false;
    const share = this.#shareOf(generator);
    if (!this.#hasRoom(share, this.#share(perFunction))) return false;
    share.taken++;
    this.#all.taken++;
    return true;
  }

  /** Not consumed by the app: of its like, few are asked about again in this sweep. */
  refuse(generator: object): void {
    this.#shareOf(generator).taken += perFunction >> 3;
  }

  #share(most: number): number {
    return Math.ceil(most * this.#ledger.samplingShare);
  }

  #nextSweep(): void {
    const { nowMs } = this.#ledger;
    const openMs = (this.#fullMs ?? nowMs) - this.#sweepMs;
    this.followedShare = nowMs > this.#sweepMs ? openMs / (nowMs - this.#sweepMs) : 1;
    this.#sweepMs = nowMs;
    this.#fullMs = undefined;
  }

  #shareOf(generator: object): Share {
    const prototype: object | null = Object.getPrototypeOf(generator);
    if (prototype === null) return { sweep: -1, taken: 0 };
    let share = this.#shares.get(prototype);
    if (share === undefined) this.#shares.set(prototype, (share = { sweep: -1, taken: 0 }));
    return share;
  }

  #hasRoom(share: Share, most: number): boolean {
    const { sweepCount } = this.#ledger;
    if (share.sweep !== sweepCount) {
      share.sweep = sweepCount;
      share.taken = 0;
    }
    return share.taken < most;
  }
}
