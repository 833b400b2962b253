import type { Origin } from '../lifetime/origin.ts';
import { Accusation } from './accusation.ts';
import type { Survival } from './survival.ts';
import type { OutlivedRule } from './survival-rule.ts';

/** Who stands accused by one detector: an origin once its detector suspects it, until the accusation stands no more. */
export class Accusations {
  readonly #rule: OutlivedRule;
  readonly #survival: Survival;
  readonly #byOrigin = new Map<Origin, Accusation>();

  constructor(rule: OutlivedRule, survival: Survival) {
    this.#rule = rule;
    this.#survival = survival;
  }

  /** @param isSuspect asked only of an origin that is not accused */
  judge(origin: Origin, sweep: number, isSuspect: (origin: Origin, sweep: number) => boolean): Accusation | undefined {
    this.#survival.look(origin, sweep);
    const standing = this.#byOrigin.get(origin);
    if (standing?.stands(sweep) === false) {
      this.#byOrigin.delete(origin);
      this.#survival.acquit(origin, sweep);
      return undefined;
    }
    if (standing !== undefined || !isSuspect(origin, sweep)) return standing;
    const made = new Accusation(origin, this.#rule, sweep);
    this.#byOrigin.set(origin, made);
    return made;
  }
}
