const length = 16;
const none = new Float64Array(0);

/**
 * Counts in equal windows over the whole life of something, in constant memory: when all 16 windows are
 * full, neighbours are merged and the windows are twice as wide. Beside each count stands how often the work
 * ran meanwhile, so that "fewer" can be told from "less load".
 */
export class History {
  // an origin has a history from its first event on: most never have one (700 B each)
  #events = none;
  #runs = none;
  #windowSweeps = 8;
  #firstSweep = -1;
  #lastRuns = 0;
  /** Windows of the first width (8 sweeps) that saw an event: births that came apart in time. */
  cohorts = 0;
  #lastCohort = -1;

  /** @param runs how often the work ran so far, a running total */
  add(sweep: number, runs: number): void {
    const at = this.#windowAt(sweep, runs);
    this.#events[at] = (this.#events[at] ?? 0) + 1;
    const cohort = Math.floor(sweep / 8);
    if (cohort !== this.#lastCohort) {
      this.#lastCohort = cohort;
      this.cohorts++;
    }
  }

  /** Lets time pass without an event. */
  tick(sweep: number, runs: number): void {
    if (this.#firstSweep >= 0) this.#windowAt(sweep, runs);
  }

  /**
   * Events a run in the later half of the windows over those in the earlier half: about 1 while something grows
   * with the load, towards 0 when a pool or a cache has filled up. `NaN` with fewer than 4 windows.
   */
  lateOverEarly(sweep: number): number {
    const windows =
      this.#firstSweep < 0 ? 0 : Math.min(length, Math.floor((sweep - this.#firstSweep) / this.#windowSweeps) + 1);
    if (windows < 4) return NaN;
    const half = windows >> 1;
    let early = 0;
    let earlyRuns = 0;
    let late = 0;
    let lateRuns = 0;
    for (let i = 0; i < half; i++) {
      early += this.#events[i] ?? 0;
      earlyRuns += this.#runs[i] ?? 0;
    }
    for (let i = windows - half; i < windows; i++) {
      late += this.#events[i] ?? 0;
      lateRuns += this.#runs[i] ?? 0;
    }
    if (early === 0) return late > 0 ? 1 : NaN;
    if (earlyRuns === 0 || lateRuns === 0) return late / early;
    return late / lateRuns / (early / earlyRuns);
  }

  #windowAt(sweep: number, runs: number): number {
    if (this.#firstSweep < 0) {
      this.#firstSweep = sweep;
      this.#lastRuns = runs;
      this.#events = new Float64Array(length);
      this.#runs = new Float64Array(length);
    }
    let at = Math.floor((sweep - this.#firstSweep) / this.#windowSweeps);
    while (at >= length) {
      this.#merge();
      at = Math.floor((sweep - this.#firstSweep) / this.#windowSweeps);
    }
    this.#runs[at] = (this.#runs[at] ?? 0) + runs - this.#lastRuns;
    this.#lastRuns = runs;
    return at;
  }

  #merge(): void {
    for (const counts of [this.#events, this.#runs]) {
      for (let i = 0; i < length / 2; i++) counts[i] = (counts[2 * i] ?? 0) + (counts[2 * i + 1] ?? 0);
      counts.fill(0, length / 2);
    }
    this.#windowSweeps *= 2;
  }
}
