/** Names of the app that one instrument tells apart. */
export const maxNames = 20;

/** Takes the first names it is asked for, so ask for the greatest first; the others have no room, and that for good. */
export class NameCap {
  readonly #names = new Set<string>();
  readonly #max: number;

  constructor(max = maxNames) {
    this.#max = max;
  }

  admits(name: string): boolean {
    if (this.#names.has(name)) return true;
    if (this.#names.size >= this.#max) return false;
    this.#names.add(name);
    return true;
  }
}
