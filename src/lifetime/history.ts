const length = 32;
const cohortSweeps = 8;
/** Births a run below which the runs may be of many sorts. */
const fewOfRuns = 0.4;
/** How much less and how much more than Poisson counts those of the windows may be taken to scatter. */
const leastScatter = 0.2;
const maxScatter = 9;
const none = new Float32Array(0);

/** Births in one cohort came at about the same time. */
export const cohortOf = (sweep: number): number => Math.floor(sweep / cohortSweeps);

/** How births go on. */
export interface Trend {
  /** Events a run in the later half over those in the earlier half. */
  readonly ratio: number;
  /** Events looked at. */
  readonly events: number;
  /** Events a run in all; 0 where the work has no runs. */
  readonly perRun: number;
  /** Standard error that the ratio has where births are steady. */
  readonly error: number;
  /**
   * Births up to the r-th run go as r to the power of this: 1 while each run is as likely to bring one, about a half where
   * each brings a key of its own and most keys are known (Heaps' law). By runs; where few of them bring one, by runs or by
   * time, whichever is higher: they may be of many sorts, and these come and go. Its relative error is 1/√events.
   */
  readonly shape: number;
}

/**
 * Counts in equal windows over the whole life of something, in constant memory: when all 32 windows are
 * full, neighbours are merged and the windows are twice as wide. Beside each count stands how often the work
 * ran meanwhile, so that "fewer" can be told from "less load".
 */
export class History {
  // an origin has a history from its first survivor on: most never have one (300 B each)
  #events = none;
  #runs = none;
  #windowSweeps = cohortSweeps;
  #firstSweep = -1;
  #lastRuns = 0;
  #hasFirst = false;

  get hasBegun(): boolean {
    return this.#firstSweep >= 0;
  }

  /** @param runs how often the work ran so far, a running total */
  begin(sweep: number, runs: number): void {
    if (this.#firstSweep >= 0) return;
    this.#firstSweep = sweep;
    this.#lastRuns = runs;
    this.#events = new Float32Array(length);
    this.#runs = new Float32Array(length);
  }

  /** More work counts as runs from now on, which had run so often before. */
  join(runs: number): void {
    this.#lastRuns += runs;
  }

  /** Lets time pass. */
  tick(sweep: number, runs: number): void {
    if (this.#firstSweep < 0) return;
    const at = this.#windowAt(sweep);
    // where names turn out to be known late, those under way count no more
    this.#runs[at] = (this.#runs[at] ?? 0) + Math.max(0, runs - this.#lastRuns);
    this.#lastRuns = runs;
  }

  /** An event, which may be told late: the windows that it is not told of yet are not to be asked about. */
  add(sweep: number): void {
    if (this.#firstSweep < 0 || sweep < this.#firstSweep) return;
    // one at the very beginning is why it began then: it says nothing of how often they come
    if (sweep <= this.#firstSweep && !this.#hasFirst) return void (this.#hasFirst = true);
    const at = this.#windowAt(sweep);
    this.#events[at] = (this.#events[at] ?? 0) + 1;
  }

  /**
   * Whether births go on as the work does: the ratio is about 1 while something grows with the load, towards 0 when a pool
   * or a cache has filled up. Its error is that of two counts, binomial ones where nearly each run brings one, else Poisson,
   * widened by how much more the windows of each half scatter (McCullagh & Nelder, Generalized Linear Models, 4.5).
   *
   * @param sweep up to which events have been told of
   * @returns `undefined` with fewer than 4 whole windows, without an event, and while no work comes that could bring one
   */
  trend(sweep: number): Trend | undefined {
    const windows = this.#firstSweep < 0 ? 0 : Math.min(length, this.#indexOf(sweep));
    if (windows < 4) return undefined;
    const half = windows >> 1;
    const early = this.#sumOf(0, half);
    const late = this.#sumOf(windows - half, windows);
    if (early.events === 0)
      return late.events > 0
        ? { ratio: Infinity, events: late.events, perRun: 0, error: 0, shape: Infinity }
        : undefined;
    const hasRuns = early.runs > 0;
    if (hasRuns && late.runs === 0) return undefined;
    const expected = hasRuns ? (early.events * late.runs) / early.runs : early.events;
    const perRun = hasRuns ? (early.events + late.events) / (early.runs + late.runs) : 0;
    const least = Math.max(leastScatter, 1 - perRun);
    const scatter = Math.min(
      maxScatter,
      Math.max(least, (early.chiSquare + late.chiSquare) / Math.max(1, 2 * half - 2)),
    );
    return {
      ratio: late.events / expected,
      events: early.events + late.events,
      perRun,
      error: Math.sqrt(scatter * (1 / early.events + 1 / expected)),
      shape: Math.max(this.#shapeOf(windows, hasRuns), perRun < fewOfRuns ? this.#shapeOf(windows, false) : 0),
    };
  }

  /**
   * The shape of a power-law process, of which a steady one is that of 1: (n − 1) / Σ ln(R / rᵢ), without bias, for n
   * births at runs rᵢ of R (L. H. Crow, Reliability Analysis for Complex, Repairable Systems, SIAM 1974; MIL-HDBK-189C,
   * 5.5). Of a birth only the window is known: the mean of ln(R / r) over its runs stands for it.
   */
  #shapeOf(windows: number, byRuns: boolean): number {
    const clock = Array.from({ length: windows }, (_, i) => (byRuns ? (this.#runs[i] ?? 0) : 1));
    const total = clock.reduce((sum, runs) => sum + runs, 0);
    let [events, sum, before] = [0, 0, 0];
    for (const [i, runs] of clock.entries()) {
      const here = this.#events[i] ?? 0;
      events += here;
      if (here > 0) sum += here * meanLogOf(total, before, before + runs);
      before += runs;
    }
    return sum > 0 ? (events - 1) / sum : Infinity;
  }

  /** Events and runs of some windows, and Pearson's χ² of the events against a steady rate. */
  #sumOf(from: number, to: number): { events: number; runs: number; chiSquare: number } {
    let [events, runs, chiSquare] = [0, 0, 0];
    for (let i = from; i < to; i++) {
      events += this.#events[i] ?? 0;
      runs += this.#runs[i] ?? 0;
    }
    for (let i = from; i < to; i++) {
      const expected = runs === 0 ? events / (to - from) : (events * (this.#runs[i] ?? 0)) / runs;
      if (expected > 0) chiSquare += ((this.#events[i] ?? 0) - expected) ** 2 / expected;
    }
    return { events, runs, chiSquare };
  }

  #indexOf(sweep: number): number {
    return Math.floor((sweep - this.#firstSweep) / this.#windowSweeps);
  }

  #windowAt(sweep: number): number {
    while (this.#indexOf(sweep) >= length) this.#merge();
    return this.#indexOf(sweep);
  }

  #merge(): void {
    for (const counts of [this.#events, this.#runs]) {
      for (let i = 0; i < length / 2; i++) counts[i] = (counts[2 * i] ?? 0) + (counts[2 * i + 1] ?? 0);
      counts.fill(0, length / 2);
    }
    this.#windowSweeps *= 2;
  }
}

const integral = (r: number): number => (r === 0 ? 0 : r * Math.log(r));

/** The mean of ln(total / r) for r from `from` to `to`. */
function meanLogOf(total: number, from: number, to: number): number {
  if (to <= from) return Math.log(total / Math.max(to, 1));
  return Math.log(total) + 1 - (integral(to) - integral(from)) / (to - from);
}
