/**
 * Deals out the right to export a series, once and for good: what was emitted goes on. Each group is sure of a number of
 * series, whatever the others took before it; beyond that it takes from what is left over, until that is used up too.
 */
export class SeriesBudget<Group extends string> {
  readonly #granted = new Set<string>();
  readonly #used = new Map<Group, number>();
  readonly #sure: Readonly<Record<Group, number>>;
  #leftOver: number;
  #refused = false;

  /** @param sure what each group is sure of; together no more than `total` */
  constructor(total: number, sure: Readonly<Record<Group, number>>) {
    this.#sure = sure;
    this.#leftOver = total - Object.values<number>(sure).reduce((sum, count) => sum + count, 0);
    if (this.#leftOver < 0)
      throw new RangeError(`${-this.#leftOver} series are promised beyond the budget of ${total}`);
  }

  /** Whether a series found no room. */
  get exhausted(): boolean {
    return this.#refused;
  }

  /** @param weight how many series it makes in a backend */
  allows(group: Group, key: string, weight = 1): boolean {
    const id = `${group}\0${key}`;
    if (this.#granted.has(id)) return true;
    const used = this.#used.get(group) ?? 0;
    const beyond = Math.max(used + weight - Math.max(this.#sure[group], used), 0);
    if (beyond > this.#leftOver) {
      this.#refused = true;
      return false;
    }
    this.#leftOver -= beyond;
    this.#used.set(group, used + weight);
    this.#granted.add(id);
    return true;
  }
}
