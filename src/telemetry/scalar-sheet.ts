import type { Attributes, BatchObservableResult, Observable } from '@opentelemetry/api';
import { scalars, type ScalarKey } from './metric-table.ts';
import type { ScalarGroup } from './scalar-groups.ts';
import type { SeriesBudget } from './series-budget.ts';

interface Row {
  readonly key: ScalarKey;
  readonly attributes: Attributes;
  value: number;
  round: number;
  /** What a counter has reached. */
  reached: number;
}

/**
 * What the scalars say at one collection, and which series were ever emitted. OpenTelemetry's SDK goes on exporting the
 * last value of an attribute set that is observed no more, so a row that nobody filled this time is observed as zero;
 * a counter stays at what it was.
 */
export class ScalarSheet {
  readonly #budget: SeriesBudget<ScalarGroup>;
  readonly #rows = new Map<string, Row>();
  #round = 0;

  constructor(budget: SeriesBudget<ScalarGroup>) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#rows.size;
  }

  begin(): void {
    this.#round++;
  }

  /** @returns whether there was room for the series */
  set(group: ScalarGroup, key: ScalarKey, value: number, attributes: Attributes = {}): boolean {
    return this.#put(group, key, value, attributes, false);
  }

  /** Like `set`, but what was put there in the same collection adds up. */
  add(group: ScalarGroup, key: ScalarKey, value: number, attributes: Attributes): boolean {
    return this.#put(group, key, value, attributes, true);
  }

  observe(result: BatchObservableResult, instruments: ReadonlyMap<ScalarKey, Observable>): void {
    for (const row of this.#rows.values()) {
      const instrument = instruments.get(row.key);
      if (instrument === undefined) continue;
      result.observe(instrument, this.#valueOf(row), row.attributes);
    }
  }

  #valueOf(row: Row): number {
    const value = row.round === this.#round ? row.value : 0;
    if (scalars[row.key].instrument !== 'counter') return value;
    // the sum over folded names falls when one of them goes
    row.reached = Math.max(row.reached, value);
    return row.reached;
  }

  #put(group: ScalarGroup, key: ScalarKey, given: number, attributes: Attributes, adds: boolean): boolean {
    // one NaN would poison a sum for good
    const value = Number.isFinite(given) ? given : 0;
    const id = `${key}\0${Object.values(attributes).join('\0')}`;
    const row = this.#rows.get(id);
    if (row === undefined) {
      if (!this.#budget.allows(group, id)) return false;
      this.#rows.set(id, { key, attributes, value, round: this.#round, reached: 0 });
      return true;
    }
    row.value = adds && row.round === this.#round ? row.value + value : value;
    row.round = this.#round;
    return true;
  }
}
