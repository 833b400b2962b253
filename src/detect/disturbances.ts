import type { Origin } from '../lifetime/origin.ts';

/** Sweeps within which many must begin to be late. */
const togetherSweeps = 16;
/** Sweeps without a late one after which the next is a beginning. */
const quietSweeps = 64;
/** Sweeps after the start before which nothing is known of what is usual. */
const unusualFromSweep = 192;
const minScopes = 3;
/** Of the sorts of work that ever were late, how many must be. */
const minShare = 0.5;
const maxScopes = 1000;
/** Sweeps for which that may go on: half an hour at 10 s. A leak that lasts is found after it. */
const maxSweeps = 180;

/**
 * What makes the things of many sorts of work late at one time is no leak of each: a service that is down, a machine that is
 * overloaded. What stays meanwhile is not held against anybody.
 */
export class Disturbances {
  readonly #lastLate = new WeakMap<Origin, number>();
  /** Sweep of the latest beginning, by scope name. */
  readonly #beginnings = new Map<string, number>();
  #untilSweep = 0;

  isDisturbed(sweep: number): boolean {
    return sweep < this.#untilSweep;
  }

  /** Some of its things were late at this sweep. */
  note(origin: Origin, sweep: number): void {
    const before = this.#lastLate.get(origin) ?? -Infinity;
    this.#lastLate.set(origin, sweep);
    if (sweep - before < quietSweeps) return;
    const name = origin.scope?.name ?? '';
    if (!this.#beginnings.has(name) && this.#beginnings.size >= maxScopes) return;
    this.#beginnings.set(name, sweep);
    if (sweep >= unusualFromSweep && !this.isDisturbed(sweep) && this.#areTogether(sweep)) {
      this.#untilSweep = sweep + maxSweeps;
    }
  }

  #areTogether(sweep: number): boolean {
    const together = [...this.#beginnings.values()].filter((at) => sweep - at <= togetherSweeps).length;
    return together >= minScopes && together >= minShare * this.#beginnings.size;
  }
}
