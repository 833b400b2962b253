/** How many stacks may be captured, at about 10 µs each: so many a second, what is left of one second at most is saved up. */
export class CaptureBudget {
  readonly #perSecond: number;
  #left: number;
  #refilledMs = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  take(nowMs: number): boolean {
    if (nowMs > this.#refilledMs) {
      const refill = ((nowMs - this.#refilledMs) * this.#perSecond) / 1000;
      this.#left = Math.min(this.#perSecond, this.#left + refill);
      this.#refilledMs = nowMs;
    }
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
