import type { Ledger } from '../lifetime/ledger.ts';
import type { Origin } from '../lifetime/origin.ts';
import type { Charge, Detector } from './detector.ts';
import { oldestAgeMs, suspicionOf } from './origin-suspicion.ts';

/** Of those that matured: 24 that stay, born in 16 windows of 8 sweeps, none but a few of them ending by itself. */
const minSettled = 24;
const minCohorts = 16;
const maxLateEndShare = 0.05;
/** Births, later half of the windows over the earlier half. */
const minLateOverEarly = 0.7;
/** Of all opened there. */
const minShare = 0.2;
/** What stands once for each open connection of a server belongs to that connection. */
const perConnection = 1.2;

/**
 * Growing origins: work without a scope (a worker's loop, a consumer) has no end to outlive, so the live count of one
 * site must grow, steadily and long, beyond the number of connections that the process serves.
 */
export class GrowingOrigins implements Detector {
  readonly name = 'growth';
  readonly #ledger: Ledger;
  readonly #accused = new Set<Origin>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    for (const type of this.#ledger.types) {
      if (type.judgement !== 'scope') continue;
      for (const origin of type.origins) {
        const charged = origin.scope?.isEndless === true && this.#isCharged(origin, sweep);
        yield charged ? this.#charge(origin, nowMs) : undefined;
      }
    }
  }

  #isCharged(origin: Origin, sweep: number): boolean {
    const stands = this.#accused.has(origin)
      ? origin.standing >= minSettled / 2 && origin.adopted <= origin.standing
      : this.#grows(origin, sweep);
    if (stands) this.#accused.add(origin);
    else this.#accused.delete(origin);
    return stands;
  }

  #grows(origin: Origin, sweep: number): boolean {
    if (origin.settled < minSettled || origin.births.cohorts < minCohorts) return false;
    if (origin.lateEnds > maxLateEndShare * (origin.lateEnds + origin.settled)) return false;
    if (origin.adopted > 0.1 * origin.standing || origin.matured < minShare * origin.opened) return false;
    if (origin.standing <= perConnection * this.#ledger.tallyOf('http.connection').open) return false;
    return origin.births.lateOverEarly(sweep) >= minLateOverEarly;
  }

  #charge(origin: Origin, nowMs: number): Charge {
    const { type, site } = origin;
    const ageMs = oldestAgeMs(origin, nowMs);
    return {
      key: `growth ${type.kind} ${type.name} ${site?.id ?? ''}`,
      whenGone: () => (origin.adopted > 0 ? 'retracted' : 'resolved'),
      suspicion: suspicionOf(origin, {
        detector: 'growth',
        certainty: 'likely',
        count: origin.standing,
        oldestAgeMs: ageMs,
        elapsedMs: ageMs,
        pattern: 'linear',
      }),
    };
  }
}
