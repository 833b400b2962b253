interface Timer {
  readonly atMs: number;
  readonly fn: () => void;
}

/** Time that passes when the test says so, and timers that fire in it. */
export class FakeTime {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  nowMs = (): number => this.#nowMs;

  setTimeout = (fn: () => void, ms: number): { cancel(): void } => {
    const timer = { atMs: this.#nowMs + ms, fn };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  };

  /** How long until each timer fires. */
  get waitsMs(): number[] {
    return [...this.#timers].map(({ atMs }) => atMs - this.#nowMs);
  }

  /** Lets time pass, and what waits for a turn of the event loop in between. */
  async pass(ms: number): Promise<void> {
    await turns();
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      next.fn();
      await turns();
    }
    this.#nowMs = untilMs;
  }
}

export async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
