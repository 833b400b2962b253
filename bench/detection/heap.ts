import { type Holder, stepMs } from './holders.ts';
import type { Random } from './random.ts';
import { daily } from './traffic.ts';

const mb = 1e6;

/** What can be read of a process's memory at one moment. */
export interface HeapReading {
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly rssBytes: number;
  readonly afterMajor: boolean;
  readonly inFlight: number;
  readonly startedPerS: number;
}

/** A heap that holds what its holders say and garbage on top, until a major collection at a random time. */
export class Heap {
  readonly holders: readonly Holder[];
  /** Of each holder, as of the last step. */
  readonly levels: number[];
  appMs = 0;
  /** What old objects take after a major collection, with the garbage that none of them finds. */
  floorBytes = 0;
  readonly #random: Random;
  readonly #loadAt: (appMs: number) => number;
  readonly #majorShare: number;
  readonly #garbagePerStep: number;
  readonly #perS: number;
  readonly #durationS: number;
  readonly #base: number;
  #garbage = 0;
  #committed = 0;

  constructor(random: Random, holders: readonly Holder[]) {
    this.holders = holders;
    this.levels = holders.map(() => 0);
    this.#random = random;
    this.#loadAt = random.chance(0.5) ? daily(random) : () => 1;
    this.#majorShare = 1 / random.logBetween(2, 12);
    this.#garbagePerStep = random.logBetween(0.1, 10) * mb;
    this.#perS = random.logBetween(0.5, 50);
    this.#durationS = random.logBetween(0.02, 5);
    this.#base = random.logBetween(15, 150) * mb;
  }

  /** Ten seconds later. */
  step(): HeapReading {
    const random = this.#random;
    this.appMs += stepMs;
    const perS = this.#perS * this.#loadAt(this.appMs);
    const inFlight = random.poisson(perS * this.#durationS);
    let liveBytes = this.#base;
    for (const [i, holder] of this.holders.entries()) {
      liveBytes += this.levels[i] = holder.bytesAt(this.appMs, inFlight);
    }
    this.floorBytes = liveBytes + random.exponential(30_000);
    const afterMajor = random.chance(this.#majorShare);
    this.#garbage = afterMajor ? 0 : this.#garbage + this.#garbagePerStep * random.between(0.2, 1.8);
    const heapUsedBytes = liveBytes + this.#garbage + random.between(0, 4) * mb;
    // pages are given back slowly
    this.#committed = Math.max(heapUsedBytes * 1.1, this.#committed * 0.999);
    return {
      heapUsedBytes,
      heapTotalBytes: this.#committed,
      rssBytes: this.#committed + 45 * mb + random.between(0, mb),
      afterMajor,
      inFlight,
      startedPerS: random.poisson(perS * 10) / 10,
    };
  }
}
