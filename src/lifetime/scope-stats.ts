const maxNames = 1000;
const otherName = 'other';

/** How often work was done. */
export interface Runs {
  ended: number;
  /** With those under way that are known to be of its name. */
  begun: number;
  /** Of some the name was not known before their end: of those under way it is not known either. */
  isNamedLate: boolean;
}

export const noRuns = (): Runs => ({ ended: 0, begun: 0, isNamedLate: false });

/** A running total: of runs as they begin, as far as their name is known by then. */
export const countOf = ({ ended, begun, isNamedLate }: Runs): number => (isNamedLate ? ended : begun);

/** How much work of one name there is and was. */
export interface ScopeCount extends Runs {
  readonly name: string;
  active: number;
  /** The most at a time in this window of time and the one before it. */
  peakActive: number;
  /** The most at a time in this window. */
  peakLately: number;
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
    if (count === undefined)
      this.#counts.set(key, (count = { ...noRuns(), name: key, active: 0, peakActive: 0, peakLately: 0 }));
    return count;
  }

  opened(count: ScopeCount): void {
    count.active++;
    count.begun++;
    raisePeak(count, count.active);
    this.total++;
  }

  /** One that is under way will end as `after`, not as it was thought. */
  rename(before: ScopeCount, after: ScopeCount): void {
    if (before === after) return;
    before.isNamedLate = true;
    before.begun--;
    after.begun++;
  }

  /**
   * @param before where its opening was counted
   * @param name the one that the scope ended with; `expected` the one that it was thought to end with
   */
  ended(before: ScopeCount, name: string, expected = before.name): void {
    if (before.active > 0) before.active--;
    const after = name === before.name ? before : this.of(name);
    after.ended++;
    if (name !== expected) {
      this.rename(this.of(expected), after);
      after.isNamedLate = true;
    }
    if (after === before) return;
    // the route was not known before: what was active under the first name was so under this one
    raisePeak(after, 1 + before.active);
  }

  /** Begins a window of time: a peak from before the last one counts no more. */
  forgetOldPeaks(): void {
    for (const count of this.#counts.values()) {
      count.peakActive = Math.max(count.peakLately, count.active);
      count.peakLately = count.active;
    }
  }

  *active(): Iterable<readonly [string, number]> {
    for (const [name, count] of this.#counts) yield [name, count.active];
  }
}

function raisePeak(count: ScopeCount, active: number): void {
  if (active > count.peakLately) count.peakLately = active;
  if (active > count.peakActive) count.peakActive = active;
}
