import type { Ledger } from '../lifetime/ledger.ts';
import type { Origin } from '../lifetime/origin.ts';
import type { Accusation } from './accusation.ts';
import { Accusations } from './accusations.ts';
import { type Charge, type Detector, looksBetweenPauses } from './detector.ts';
import { bitsIn, endsLate, fillsUp, waitsAsInOutage } from './look-alikes.ts';
import { oldestAgeMs, suspicionOf } from './origin-suspicion.ts';
import { trendOf } from './slowdown.ts';
import { Survival } from './survival.ts';
import { defaultOutlivedRule, type OutlivedRule } from './survival-rule.ts';

/** Times as many as where the site is known. */
const moreSettledWithoutSite = 4;

/**
 * Outlived: the scope that opened it is over and it is not. Never told at once: the things of one site must be seen to
 * stay for good (`Survival`), birth after birth, a real share of what is opened there, unused, more than there is work.
 */
export class Outlived implements Detector {
  readonly name = 'outlived';
  readonly #ledger: Ledger;
  readonly #rule: OutlivedRule;
  readonly #survival: Survival;
  readonly #accusations: Accusations;
  readonly #isSuspect = (origin: Origin, sweep: number): boolean => this.#outlives(origin, sweep);

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
      let named = false;
      for (const origin of type.origins) {
        const accusation = this.#judge(origin, sweep);
        named ||= accusation !== undefined || origin.standing > 0;
        if (accusation !== undefined) yield this.#charge(accusation, nowMs);
        else if (++looks % looksBetweenPauses === 0) yield;
      }
      for (const origin of type.originsWithoutSite) {
        const accusation = this.#judge(origin, sweep);
        if (accusation !== undefined && !named) yield this.#charge(accusation, nowMs);
        else if (++looks % looksBetweenPauses === 0) yield;
      }
    }
  }

  #judge(origin: Origin, sweep: number): Accusation | undefined {
    origin.longAge = this.#rule.longAge;
    return this.#accusations.judge(origin, sweep, this.#isSuspect);
  }

  #outlives(origin: Origin, sweep: number): boolean {
    const minSettled = (origin.site === null ? moreSettledWithoutSite : 1) * this.#rule.minSettled;
    if (origin.scope?.ended !== true || origin.settled < minSettled) return false;
    if (!this.#survival.isConvinced(origin) || origin.longStanding < this.#rule.minLong) return false;
    const { minCohorts, minShare } = this.#rule;
    if (bitsIn(origin.cohortBits) < minCohorts || origin.adopted > this.#rule.maxAdoptedShare * origin.standing)
      return false;
    const before = this.#survival.before(origin);
    if (endsLate(origin, before, this.#rule.maxLateEndShare)) return false;
    if (origin.matured - before.matured < minShare * (origin.opened - before.opened)) return false;
    if (origin.standing <= this.#ledger.scopeStats.of(origin.scope.name).peakActive) return false;
    if (waitsAsInOutage(origin, before, sweep, this.#rule)) return false;
    return !fillsUp(origin, trendOf(origin, sweep), this.#rule);
  }

  #charge(accusation: Accusation, nowMs: number): Charge {
    const { origin } = accusation;
    const { type, site, scope } = origin;
    const ageMs = oldestAgeMs(origin, nowMs);
    return {
      key: `outlived ${type.kind} ${type.name} ${site?.id ?? scope?.name ?? ''}`,
      whenGone: () => accusation.outcome(),
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
