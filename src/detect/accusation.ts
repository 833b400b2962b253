import type { Origin } from '../lifetime/origin.ts';
import type { Outcome } from './detector.ts';
import { slowsDown, trendOf } from './slowdown.ts';
import type { OutlivedRule } from './survival-rule.ts';

/** Windows of 8 sweeps in which a release at one time may end: more are no event, but the way things end there. */
const releaseCohorts = 3;
/** Of what was accused, the share that may be used after all. */
const maxAdoptedShare = 0.25;
/** How much of its constants an accusation that was made may be off by, so that it does not flicker. */
const lenience = 2;

/** An origin that was accused, and what has become of it since. */
export class Accusation {
  readonly origin: Origin;
  readonly #rule: OutlivedRule;
  readonly #sinceSweep: number;
  readonly #adoptions: number;
  readonly #ends: number;
  readonly #endCohorts: number;
  #lastSweep: number;
  #peak: number;
  #slowed = false;
  #unwatched = false;

  constructor(origin: Origin, rule: OutlivedRule, sweep: number) {
    this.origin = origin;
    this.#rule = rule;
    this.#sinceSweep = sweep;
    this.#lastSweep = sweep;
    this.#adoptions = origin.adoptions;
    this.#ends = origin.standingEnds;
    this.#endCohorts = origin.standingEndCohorts;
    this.#peak = origin.standing;
  }

  /** Whether it is made at this sweep still. */
  stands(sweep: number): boolean {
    const { settled, standing, type } = this.origin;
    this.#unwatched = !type.isWatched;
    this.#lastSweep = sweep;
    this.#peak = Math.max(this.#peak, standing);
    if (standing === 0 || this.#unwatched || this.#isUsed()) return false;
    const ends = this.origin.standingEnds - this.#ends;
    if (ends > lenience * this.#rule.maxLateEndShare * (ends + settled)) return false;
    this.#slowed = slowsDown(trendOf(this.origin, sweep), Math.min(1, lenience * this.#rule.maxSlowdown));
    return !this.#slowed;
  }

  /**
   * Right and over, or wrong? While most of what was accused is open still it is neither, though no more come. A leak that
   * is released at last ends at one time, after it has stood for long. What ends a few at a time, as it was born, only lives
   * longer than was thought.
   */
  outcome(): Outcome {
    if (this.#unwatched) return 'unwatched';
    if (this.#isUsed()) return 'retracted';
    if (this.#slowed && this.origin.standing > this.#peak / 2) return 'level';
    if (this.origin.standingEnds === this.#ends) return 'resolved';
    const stoodLong = this.#lastSweep - this.#sinceSweep >= this.#rule.standingSweeps;
    const atOnce = this.origin.standingEndCohorts - this.#endCohorts <= releaseCohorts;
    return stoodLong && atOnce ? 'resolved' : 'retracted';
  }

  #isUsed(): boolean {
    const adopted = this.origin.adoptions - this.#adoptions;
    return this.origin.adopted > this.origin.standing || adopted > maxAdoptedShare * this.#peak;
  }
}
