import type { Ledger } from '../lifetime/ledger.ts';
import type { Detector } from './detector.ts';
import type { Docket } from './docket.ts';
import type { Finding } from './finding.ts';
import { bookUnreleased } from './unreleased.ts';

/** Half of what the event loop may lose at a time: a slice ends at the next look at the clock after it. */
const sliceMs = 0.5;
const maxDurations = 256;

export interface SweepOptions {
  readonly ledger: Ledger;
  readonly detectors: readonly Detector[];
  readonly docket: Docket;
  readonly nowMs: () => number;
  /** Runs the next slice when the event loop has had its turn. */
  readonly soon: (fn: () => void) => void;
  readonly tell: (findings: readonly Finding[]) => void;
  /** A detector that threw is left out from then on; another part of a sweep is tried again at the next. */
  readonly failed: (part: string, error: unknown) => void;
}

/** One bounded run of all detectors: the ledger in slices of at most 1 ms, then every rule, then the docket. */
export class Sweep {
  readonly #o: SweepOptions;
  readonly #broken = new Set<Detector>();
  #underWay = false;
  count = 0;
  /** Slices and checks since the start, the time spent in them, and the longest: what the event loop lost at a time. */
  slices = 0;
  busyMs = 0;
  longestSliceMs = 0;
  /** Of each whole sweep since the last look, its slices together; at most 256. */
  readonly durationsMs: number[] = [];
  #spentMs = 0;
  /** Changes when a sweep begins, so that what was put off for an earlier one is void. */
  #turn = 0;

  constructor(options: SweepOptions) {
    this.#o = options;
  }

  /** Starts a sweep unless the last one is still under way. */
  run(): void {
    if (this.#underWay) return;
    this.#begin();
    this.#safely(() => this.#slice());
  }

  /** The whole sweep at once: for tests, `flush` and exit. */
  runToEnd(): void {
    this.#begin();
    this.#safely(() => {
      while (!this.#o.ledger.sweepSlice(Infinity));
      this.#judge();
    });
  }

  #begin(): void {
    this.#underWay = true;
    this.#turn++;
  }

  #soon(fn: () => void): void {
    const turn = this.#turn;
    this.#o.soon(() => {
      if (turn === this.#turn) this.#safely(fn);
    });
  }

  /** It runs in timers, where nobody else would catch. */
  #safely(fn: () => void): void {
    try {
      fn();
    } catch (error) {
      this.#underWay = false;
      this.#o.failed('sweep', error);
    }
  }

  #slice(): void {
    const start = this.#o.nowMs();
    const complete = this.#o.ledger.sweepSlice(start + sliceMs);
    this.#spend(this.#o.nowMs() - start);
    this.#soon(() => (complete ? this.#judge() : this.#slice()));
  }

  #judge(): void {
    const start = this.#o.nowMs();
    this.count++;
    const charges = this.#o.detectors.flatMap((detector) => this.#chargesOf(detector, start));
    const told = this.#o.docket.update(charges);
    bookUnreleased(this.#o.ledger, this.#o.docket.standing());
    this.#underWay = false;
    this.#spend(this.#o.nowMs() - start);
    if (this.durationsMs.length < maxDurations) this.durationsMs.push(this.#spentMs);
    this.#spentMs = 0;
    if (told.length > 0) this.#o.tell(told);
  }

  #chargesOf(detector: Detector, nowMs: number) {
    if (this.#broken.has(detector)) return [];
    try {
      return [...detector.check(this.#o.ledger.sweepCount, nowMs)];
    } catch (error) {
      this.#broken.add(detector);
      this.#o.failed(detector.name, error);
      return [];
    }
  }

  #spend(ms: number): void {
    this.#spentMs += ms;
    this.busyMs += ms;
    this.slices++;
    if (ms > this.longestSliceMs) this.longestSliceMs = ms;
  }
}
