/** How many stacks may be captured, at about 10 µs each: so many a second, what is left of one second at most is saved up. */
export class CaptureBudget {
  readonly #perSecond: number;
  #left: number;
  #refilledMs = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  /** @param share so much of it may be used now */
  take(nowMs: number, share = 1): boolean {
    if (nowMs > this.#refilledMs) {
      const perSecond = this.#perSecond * share;
      const refill = ((nowMs - this.#refilledMs) * perSecond) / 1000;
      this.#left = Math.min(Math.max(perSecond, 1), this.#left + refill);
      this.#refilledMs = nowMs;
    }
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
