import type { Certainty, Finding, FindingType } from './finding.ts';

/** How often a finding of one sort changed its state, as running totals. */
export interface FindingCount {
  readonly type: FindingType;
  readonly certainty: Certainty;
  raised: number;
  resolved: number;
  retracted: number;
  suppressed: number;
}

/** Findings counted by type and certainty. */
export class FindingCounts {
  readonly #counts = new Map<string, FindingCount>();

  [Symbol.iterator](): Iterator<FindingCount> {
    return this.#counts.values();
  }

  of({ type, certainty }: Finding): FindingCount {
    const key = `${type} ${certainty}`;
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = { type, certainty, raised: 0, resolved: 0, retracted: 0, suppressed: 0 };
      this.#counts.set(key, count);
    }
    return count;
  }
}
