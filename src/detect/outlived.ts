import type { Ledger } from '../lifetime/ledger.ts';
import type { Origin } from '../lifetime/origin.ts';
import type { Charge, Detector } from './detector.ts';
import { oldestAgeMs, suspicionOf } from './origin-suspicion.ts';

/** What an origin must show before it is accused. */
export interface OutlivedRule {
  /** Open long past their scope, unused, none of them late for an end. */
  readonly minSettled: number;
  /** Windows of 8 sweeps in which such were born: a lazily made singleton or a burst is born in one. */
  readonly minCohorts: number;
  /** Of those that got as far as settling, the share that may end by itself after all. */
  readonly maxLateEndShare: number;
  /** Of all that was opened there. */
  readonly minShare: number;
  /** Births a run, later half over earlier half: a pool or a cache that fills up slows down. */
  readonly minLateOverEarly: number;
}

export const defaultOutlivedRule: OutlivedRule = {
  minSettled: 6,
  minCohorts: 6,
  maxLateEndShare: 0.1,
  minShare: 0.005,
  minLateOverEarly: 0.5,
};

/**
 * Outlived: the scope that opened it is over and it is not. Never told at once: of what one site opens, a real share
 * must stay, birth after birth, unused, with next to none that ends late.
 */
export class Outlived implements Detector {
  readonly name = 'outlived';
  readonly #ledger: Ledger;
  readonly #rule: OutlivedRule;
  readonly #accused = new Set<Origin>();

  constructor(ledger: Ledger, rule: OutlivedRule = defaultOutlivedRule) {
    this.#ledger = ledger;
    this.#rule = rule;
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    for (const type of this.#ledger.types) {
      if (type.judgement !== 'scope') continue;
      let named = false;
      for (const origin of type.origins) {
        const charged = this.#isCharged(origin, sweep);
        named ||= charged || origin.standing > 0;
        yield charged ? this.#charge(origin, nowMs) : undefined;
      }
      if (named) continue;
      for (const origin of type.originsWithoutSite) {
        const charged = origin.settled >= 4 * this.#rule.minSettled && this.#isCharged(origin, sweep);
        yield charged ? this.#charge(origin, nowMs) : undefined;
      }
    }
  }

  #isCharged(origin: Origin, sweep: number): boolean {
    if (this.#accused.has(origin)) {
      if (this.#stillStands(origin)) return true;
      this.#accused.delete(origin);
      return false;
    }
    if (!this.#isSuspect(origin, sweep)) return false;
    this.#accused.add(origin);
    return true;
  }

  #isSuspect(origin: Origin, sweep: number): boolean {
    const { minSettled, minCohorts, maxLateEndShare, minShare, minLateOverEarly } = this.#rule;
    if (origin.scope?.ended !== true) return false;
    if (origin.standing < minSettled || origin.settled < minSettled) return false;
    if (origin.births.cohorts < minCohorts) return false;
    if (lateEndShare(origin) > maxLateEndShare) return false;
    if (origin.adopted > origin.standing) return false;
    if (origin.opened > 0 && origin.matured < minShare * origin.opened) return false;
    const peak = origin.scope === undefined ? 0 : this.#ledger.scopeStats.of(origin.scope.name).peakActive;
    if (origin.standing <= peak) return false;
    const trend = origin.births.lateOverEarly(sweep);
    return Number.isNaN(trend) || trend >= minLateOverEarly;
  }

  #stillStands(origin: Origin): boolean {
    return (
      origin.standing > 0 && lateEndShare(origin) <= 2 * this.#rule.maxLateEndShare && origin.adopted <= origin.standing
    );
  }

  #charge(origin: Origin, nowMs: number): Charge {
    const { type, site, scope } = origin;
    const ageMs = oldestAgeMs(origin, nowMs);
    return {
      key: `outlived ${type.kind} ${type.name} ${site?.id ?? scope?.name ?? ''}`,
      whenGone: () =>
        lateEndShare(origin) > this.#rule.maxLateEndShare || origin.adopted > 0 ? 'retracted' : 'resolved',
      suspicion: suspicionOf(origin, {
        detector: 'outlived',
        certainty: 'likely',
        count: origin.standing,
        oldestAgeMs: ageMs,
        elapsedMs: ageMs,
        pattern: undefined,
      }),
    };
  }
}

const lateEndShare = ({ lateEnds, settled }: Origin): number => (lateEnds === 0 ? 0 : lateEnds / (lateEnds + settled));
