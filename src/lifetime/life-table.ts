const octaves = 17;

/** Ages in sweeps at which the rows of every life table begin: four to an octave, as far as there are whole numbers. */
export const ageBounds: readonly number[] = [
  ...new Set(Array.from({ length: 4 * octaves }, (_, i) => Math.round(2 ** (i / 4)))),
];

/** Above it all rows are halved, so that what is old weighs less. */
const maxEntered = 8_000;
const none = new Float32Array(0);

/** How many got as old as `age`, and of those that got no older how many ended and how many were lost from sight or are there. */
export interface LifeTableRow {
  /** Upper bound, in sweeps. */
  readonly age: number;
  readonly ended: number;
  readonly censored: number;
}

/**
 * How old things get that outlive their scope, in constant memory: of each age, how many reached it and how many ended
 * before the next. What is open still counts as far as it has come.
 */
export class LifeTable {
  // most origins never have one row (500 B)
  #entered = none;
  #ended = none;
  /** Ends so far; halved with the rows. */
  ends = 0;

  /** @param row index in `ageBounds` of the age just reached */
  enter(row: number): void {
    if (this.#entered.length === 0) {
      this.#entered = new Float32Array(ageBounds.length);
      this.#ended = new Float32Array(ageBounds.length);
    }
    const entered = (this.#entered[row] ?? 0) + 1;
    this.#entered[row] = entered;
    if (entered > maxEntered) this.#halve();
  }

  /** @param row index in `ageBounds` of the last age reached */
  end(row: number): void {
    if (row >= this.#ended.length) return;
    this.#ended[row] = (this.#ended[row] ?? 0) + 1;
    this.ends++;
  }

  rows(): LifeTableRow[] {
    const rows: LifeTableRow[] = [];
    for (let i = 0; i < this.#entered.length; i++) {
      const entered = this.#entered[i] ?? 0;
      if (entered === 0) break;
      const ended = Math.min(entered, this.#ended[i] ?? 0);
      const older = this.#entered[i + 1] ?? 0;
      rows.push({ age: ageBounds[i + 1] ?? Infinity, ended, censored: Math.max(0, entered - ended - older) });
    }
    return rows;
  }

  #halve(): void {
    this.ends /= 2;
    for (const counts of [this.#entered, this.#ended]) {
      for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] ?? 0) / 2;
    }
  }
}
