const maxNames = 1000;
const otherName = 'other';

/** How much work of one name there is and was. */
export interface ScopeCount {
  readonly name: string;
  active: number;
  peakActive: number;
  ended: number;
}

/** Scopes by name: at most 1,000 names, the rest counts as `other`. */
export class ScopeStats {
  readonly #counts = new Map<string, ScopeCount>();
  total = 0;

  of(name: string): ScopeCount {
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    const key = this.#counts.size < maxNames ? name : otherName;
    let count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, (count = { name: key, active: 0, peakActive: 0, ended: 0 }));
    return count;
  }

  opened(name: string): ScopeCount {
    const count = this.of(name);
    if (++count.active > count.peakActive) count.peakActive = count.active;
    this.total++;
    return count;
  }

  /** @param before what `opened` gave; `name` the one that the scope ended with */
  ended(before: ScopeCount, name: string): void {
    if (before.active > 0) before.active--;
    if (name === before.name) {
      before.ended++;
      return;
    }
    const after = this.of(name);
    after.ended++;
    // the route was not known before: what was active under the first name was so under this one
    if (after.peakActive < 1 + before.active) after.peakActive = 1 + before.active;
  }

  *active(): Iterable<readonly [string, number]> {
    for (const [name, count] of this.#counts) yield [name, count.active];
  }
}
