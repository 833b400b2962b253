interface Mark {
  /** How many had come when it was made, and when that was: wall-clock ms. */
  readonly count: number;
  readonly atMs: number;
}

const maxMarks = 64;
const fewMarks = 16;

/**
 * When the items of a queue came, in constant memory: a mark for one in so many, more rarely the more of them wait. Where
 * the first in is the first out, that is enough to tell since when the oldest waits, to a few parts in a hundred.
 */
export class Arrivals {
  /** Those that have come so far. */
  count: number;
  #marks: Mark[];
  #stride = 1;

  /** @param count waited already at `nowMs` */
  constructor(count: number, nowMs: number) {
    this.count = count;
    this.#marks = count > 0 ? [{ count, atMs: nowMs }] : [];
  }

  add(wallMs: () => number): void {
    this.count++;
    if (this.count - (this.#marks.at(-1)?.count ?? -Infinity) < this.#stride) return;
    this.#marks.push({ count: this.count, atMs: wallMs() });
    if (this.#marks.length <= maxMarks) return;
    this.#marks = this.#marks.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /**
   * When the oldest of those that wait came, wall-clock ms: between two marks, in proportion. `undefined` where none waits.
   *
   * @param waiting how many of all that came have not left
   */
  oldestMs(waiting: number, nowMs: number): number | undefined {
    const oldest = this.count - waiting + 1;
    const passed = this.#marks.findLastIndex(({ count }) => count <= oldest);
    if (waiting > 0) this.#marks.splice(0, Math.max(0, passed));
    else this.#marks = [];
    if (this.#marks.length < fewMarks) this.#stride = Math.max(1, this.#stride / 2);
    const [before, after = { count: this.count + 1, atMs: nowMs }] = this.#marks;
    if (before === undefined) return undefined;
    const share = Math.max(0, oldest - before.count) / (after.count - before.count);
    return before.atMs + share * (after.atMs - before.atMs);
  }
}
