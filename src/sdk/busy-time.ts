/** Time spent in some work of our own, its nested parts counted once. */
export class BusyTime {
  readonly #nowMs: () => number;
  #depth = 0;
  ms = 0;
  /** How often it was done. */
  count = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  readonly run = <T>(fn: () => T): T => {
    if (this.#depth > 0) return fn();
    const startMs = this.#nowMs();
    this.#depth++;
    try {
      return fn();
    } finally {
      this.#depth--;
      this.count++;
      this.ms += this.#nowMs() - startMs;
    }
  };
}
