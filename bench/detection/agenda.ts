/** What is to happen, earliest first: a binary heap of times and of what to do then. */
export class Agenda {
  readonly #times: number[] = [];
  readonly #acts: (() => void)[] = [];

  get nextMs(): number {
    return this.#times[0] ?? Infinity;
  }

  add(atMs: number, act: () => void): void {
    const [times, acts] = [this.#times, this.#acts];
    let at = times.length;
    for (let parent = (at - 1) >> 1; at > 0 && (times[parent] ?? 0) > atMs; parent = (at - 1) >> 1) {
      this.#move(parent, at);
      at = parent;
    }
    times[at] = atMs;
    acts[at] = act;
  }

  /** Takes the earliest out. */
  take(): (() => void) | undefined {
    const [times, acts] = [this.#times, this.#acts];
    const first = acts[0];
    const [lastMs, last] = [times.pop(), acts.pop()];
    if (lastMs === undefined || last === undefined || times.length === 0) return first;
    let at = 0;
    for (let child = 1; child < times.length; child = 2 * at + 1) {
      if ((times[child + 1] ?? Infinity) < (times[child] ?? 0)) child++;
      if ((times[child] ?? 0) >= lastMs) break;
      this.#move(child, at);
      at = child;
    }
    times[at] = lastMs;
    acts[at] = last;
    return first;
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] ?? 0;
    const act = this.#acts[from];
    if (act !== undefined) this.#acts[to] = act;
  }
}
