import type { Ledger } from '../lifetime/ledger.ts';
import type { Origin } from '../lifetime/origin.ts';
import { type Charge, type Detector, looksBetweenPauses } from './detector.ts';
import { poissonRate, suspicionOf } from './origin-suspicion.ts';

const minNative = 3;
const minSuspended = 6;
/** Sweeps without a new one after which the finding is closed as resolved. */
const quietSweeps = 300;

/** What was there when it was first looked at, and when more came last. */
interface Seen {
  readonly first: number;
  count: number;
  sweep: number;
  readonly sinceMs: number;
}

/**
 * Abandoned: collected without an end. With something native behind it at the last look (a descriptor, a busy
 * connection) that is proof; a generator collected in suspension never ran its `finally`, which is proof as well.
 * Collected objects without either are everyday business and are only counted.
 */
export class Abandoned implements Detector {
  readonly name = 'abandoned';
  readonly #ledger: Ledger;
  readonly #seen = new Map<Origin, Seen>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    let looks = 0;
    for (const type of this.#ledger.types) {
      for (const origin of type.origins) {
        if (++looks % looksBetweenPauses === 0) yield;
        const count = origin.abandonedNative + origin.abandonedSuspended;
        if (count === 0) continue;
        const seen = this.#note(origin, count, sweep, nowMs);
        if (origin.abandonedNative < minNative && origin.abandonedSuspended < minSuspended) continue;
        if (sweep - seen.sweep < quietSweeps) yield this.#charge(origin, seen, nowMs - seen.sinceMs);
      }
    }
  }

  #note(origin: Origin, count: number, sweep: number, nowMs: number): Seen {
    let seen = this.#seen.get(origin);
    if (seen === undefined) this.#seen.set(origin, (seen = { first: count, count, sweep, sinceMs: nowMs }));
    if (count > seen.count) {
      seen.count = count;
      seen.sweep = sweep;
    }
    return seen;
  }

  #charge(origin: Origin, { first }: Seen, elapsedMs: number): Charge {
    const { type, site } = origin;
    const count = origin.abandonedNative + origin.abandonedSuspended;
    return {
      key: `abandoned ${type.kind} ${type.name} ${site?.id ?? ''}`,
      whenGone: () => 'resolved',
      suspicion: {
        ...suspicionOf(origin, {
          detector: 'abandoned',
          certainty: 'certain',
          count: count + origin.standing,
          oldestAgeMs: elapsedMs,
          elapsedMs,
          pattern: undefined,
        }),
        // those before the first look came in a time that nobody measured
        rate: poissonRate(count - first, elapsedMs),
      },
    };
  }
}
