import type { Ledger } from '../lifetime/ledger.ts';
import type { Origin } from '../lifetime/origin.ts';
import type { Accusation } from './accusation.ts';
import { Accusations } from './accusations.ts';
import { type Charge, type Detector, looksBetweenPauses } from './detector.ts';
import { areFew, bitsIn, endsLate } from './look-alikes.ts';
import { oldestAgeMs, suspicionOf } from './origin-suspicion.ts';
import { fewestRatio, slowsDown, trendOf } from './slowdown.ts';
import { Survival } from './survival.ts';
import { defaultOutlivedRule, type OutlivedRule } from './survival-rule.ts';

/** Times as many as where there is a scope to outlive. */
const moreSettled = 4;
/** Of all opened there. */
const minShare = 0.2;
/** Of the standing, as many may be in use. */
const maxAdopted = 0.1;
/** What stands once for each open connection of a server belongs to that connection. */
const perConnection = 1.2;

/**
 * Growing origins: work without a scope (a worker's loop, a consumer) has no end to outlive, so the live count of one
 * site must grow, steadily and long, beyond the number of connections that the process serves.
 */
export class GrowingOrigins implements Detector {
  readonly name = 'growth';
  readonly #ledger: Ledger;
  readonly #rule: OutlivedRule;
  readonly #survival: Survival;
  readonly #accusations: Accusations;
  readonly #isSuspect = (origin: Origin, sweep: number): boolean => this.#grows(origin, sweep);

  constructor(ledger: Ledger, rule: OutlivedRule = defaultOutlivedRule, survival: Survival = new Survival(rule)) {
    this.#ledger = ledger;
    this.#rule = rule;
    this.#survival = survival;
    this.#accusations = new Accusations(rule, survival);
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    let looks = 0;
    for (const type of this.#ledger.types) {
      if (type.judgement !== 'scope') continue;
      for (const origin of type.origins) {
        const accusation = this.#accusations.judge(origin, sweep, this.#isSuspect);
        if (accusation !== undefined) yield this.#charge(accusation, nowMs);
        else if (++looks % looksBetweenPauses === 0) yield;
      }
    }
  }

  #grows(origin: Origin, sweep: number): boolean {
    const { minSettled, minEndlessCohorts, maxLateEndShare, maxSlowdown } = this.#rule;
    if (origin.scope?.isEndless !== true || origin.settled < moreSettled * minSettled) return false;
    if (!this.#survival.isConvinced(origin) || bitsIn(origin.cohortBits) < minEndlessCohorts) return false;
    const before = this.#survival.before(origin);
    if (endsLate(origin, before, maxLateEndShare / 2)) return false;
    if (origin.adopted > maxAdopted * origin.standing || areFew(origin, this.#rule)) return false;
    if (origin.matured - before.matured < minShare * (origin.opened - before.opened)) return false;
    if (origin.standing <= perConnection * this.#ledger.tallyOf('http.connection').open) return false;
    const trend = trendOf(origin, sweep);
    return trend !== undefined && trend.ratio >= 2 * fewestRatio && !slowsDown(trend, maxSlowdown);
  }

  #charge(accusation: Accusation, nowMs: number): Charge {
    const { origin } = accusation;
    const { type, site } = origin;
    const ageMs = oldestAgeMs(origin, nowMs);
    return {
      key: `growth ${type.kind} ${type.name} ${site?.id ?? ''}`,
      whenGone: () => accusation.outcome(),
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
