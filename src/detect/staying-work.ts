import type { PendingPlaces } from '../lifetime/pending-places.ts';
import type { ScopeWatch } from '../lifetime/scope-samples.ts';
import type { Site } from '../lifetime/site.ts';
import { scaled } from './scaled.ts';
import { lateShare, somethingStays, type StayingRule } from './statistics/staying.ts';

/** The same of the work that stays, and of the line where it waits. */
export interface StayingWorkRule extends StayingRule {
  /** Votes for a line after which none are looked for any more, and with which it is named. */
  readonly enoughVotes: number;
  readonly fewVotes: number;
  /** Sweeps that an accusation waits for its line. */
  readonly patienceSweeps: number;
  /** Scopes looked at in which no promise is pending: something else holds them, a cache of settled promises perhaps. */
  readonly enoughInVain: number;
}

const asItIs: StayingWorkRule = {
  minKept: 6,
  minCohorts: 6,
  lookedAt: 12,
  minShare: 0.02,
  maxLateShare: 0.25,
  minLateOverEarly: 0.5,
  enoughVotes: 5,
  fewVotes: 3,
  patienceSweeps: 64,
  enoughInVain: 12,
};

/** @param factor by which all of it is multiplied */
export const stayingRule = (factor = 1): StayingWorkRule =>
  scaled(asItIs, factor, { shares: ['minShare', 'maxLateShare', 'minLateOverEarly'] });

/** From here on it is worth to look where it waits. */
const suspectRuleOf = (rule: StayingRule): StayingRule => ({
  ...rule,
  minKept: Math.ceil(rule.minKept / 2),
  minCohorts: Math.ceil(rule.minCohorts / 2),
});

/** Sweeps of looking for the line of one name; after them 24 of each 192. */
const diligentLooks = 96;
const turnLooks = 24;
const turnsApart = 8;

/** What it takes: a line where another finding may tell of the same, as that is then known to be its own or not. */
export type Need = 'nothing' | 'its line' | 'more of them';

/** An accusation of one scope name. */
export interface Staying {
  readonly watch: ScopeWatch;
  readonly site: Site | null;
  outcome: 'resolved' | 'retracted';
}

/**
 * What two detectors have in common, that of retained scopes and that of unanswered requests: some of the samples of
 * a name stay, cohort after cohort; then its line is looked for, then it is accused.
 */
export class StayingWork {
  readonly #places: PendingPlaces;
  readonly #rule: StayingWorkRule;
  readonly #suspectRule: StayingRule;
  readonly #accused = new Map<ScopeWatch, Staying>();
  readonly #sinceSweep = new Map<ScopeWatch, number>();
  readonly #looks = new Map<ScopeWatch, number>();
  /** Names of the scopes in which it should be looked where they wait, until the next sweep. */
  readonly lookedFor = new Set<string>();

  constructor(places: PendingPlaces, rule = stayingRule()) {
    this.#places = places;
    this.#rule = rule;
    this.#suspectRule = suspectRuleOf(rule);
  }

  /**
   * Each `undefined` is a place where it may pause.
   *
   * @param needOf what an accusation of that name needs beside what stays
   */
  *judged(
    watches: Iterable<ScopeWatch>,
    sweep: number,
    needOf: (watch: ScopeWatch) => Need,
  ): Generator<undefined, Iterable<Staying>> {
    this.lookedFor.clear();
    for (const watch of watches) {
      yield;
      const staying = this.#accused.get(watch);
      if (staying === undefined) this.#consider(watch, sweep, needOf);
      else if (isOver(staying, this.#rule)) {
        this.#accused.delete(watch);
        this.#forget(watch);
      }
    }
    return this.#accused.values();
  }

  #consider(watch: ScopeWatch, sweep: number, needOf: (watch: ScopeWatch) => Need): void {
    const { cohorts, name } = watch;
    const { enoughVotes, fewVotes, patienceSweeps, enoughInVain } = this.#rule;
    if (!somethingStays(cohorts, this.#suspectRule)) return this.#forget(watch);
    const votes = this.#places.votesOf(name);
    if (votes < enoughVotes) this.#lookForPlace(watch);
    if (!somethingStays(cohorts, this.#rule)) return;
    const need = needOf(watch);
    if (need === 'more of them') return;
    const since = this.#sinceSweep.get(watch) ?? sweep;
    this.#sinceSweep.set(watch, since);
    const needsLine = need === 'its line' || this.#places.inVainOf(name) >= enoughInVain;
    if (votes < fewVotes && (needsLine || sweep - since < patienceSweeps)) return;
    this.#accused.set(watch, { watch, site: this.#places.siteOf(name), outcome: 'resolved' });
  }

  #lookForPlace(watch: ScopeWatch): void {
    const looks = this.#looks.get(watch) ?? 0;
    this.#looks.set(watch, looks + 1);
    const turn = Math.floor(looks / turnLooks);
    if (looks < diligentLooks || turn % turnsApart === 0) this.lookedFor.add(watch.name);
  }

  #forget(watch: ScopeWatch): void {
    if (!this.#looks.delete(watch)) return;
    this.#sinceSweep.delete(watch);
    this.#places.forget(watch.name);
  }
}

/** It stands no more: none of the samples is left, or they go after all, only late. */
function isOver(staying: Staying, { maxLateShare }: StayingRule): boolean {
  const { kept, cohorts } = staying.watch;
  if (kept.length === 0) return true;
  if (lateShare(cohorts) <= 2 * maxLateShare) return false;
  staying.outcome = 'retracted';
  return true;
}
