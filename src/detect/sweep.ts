import type { Ledger } from '../lifetime/ledger.ts';
import type { Charge, Detector } from './detector.ts';
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

/** Where a slice may end, or has to: what comes next takes as long as a slice may. */
type SliceEnd = 'end-slice' | undefined;
type Steps = Iterator<SliceEnd, void>;

/** One bounded run of all detectors: the ledger, then every rule, then the docket, in slices of at most 1 ms. */
export class Sweep {
  readonly #o: SweepOptions;
  readonly #broken = new Set<Detector>();
  /** What is left of the sweep that is under way. */
  #steps: Steps | undefined;
  /** A slice is being worked at: what the app's callbacks in it ask for comes too early. */
  #running = false;
  #deadlineMs = 0;
  count = 0;
  /** Slices since the start, the time spent in them, and the longest: what the event loop lost at a time. */
  slices = 0;
  busyMs = 0;
  longestSliceMs = 0;
  /** Of the slices of the last whole sweep, the longest. */
  longestOfSweepMs = 0;
  /** Of each whole sweep since the last look, its slices together; at most 256. */
  readonly durationsMs: number[] = [];
  #spentMs = 0;
  #longestMs = 0;

  constructor(options: SweepOptions) {
    this.#o = options;
  }

  get underWay(): boolean {
    return this.#steps !== undefined;
  }

  /** Starts a sweep unless the last one is still under way. */
  run(): void {
    if (this.#steps === undefined) this.#slice((this.#steps = this.#sweep()));
  }

  /** The rest of the sweep that is under way, else a whole one, at once: for tests, `flush` and exit. */
  runToEnd(): void {
    if (!this.#running) this.#advance((this.#steps ??= this.#sweep()), Infinity);
  }

  #slice(steps: Steps): void {
    if (this.#steps !== steps) return;
    if (this.#advance(steps, this.#o.nowMs() + sliceMs)) this.#o.soon(() => this.#slice(steps));
  }

  /**
   * One slice. It runs in timers, where nobody else would catch.
   * @returns whether more is to be done
   */
  #advance(steps: Steps, deadlineMs: number): boolean {
    const startMs = this.#o.nowMs();
    this.#deadlineMs = deadlineMs;
    this.#running = true;
    let more = false;
    try {
      let endsHere: boolean;
      do {
        const { done, value } = steps.next();
        more = done !== true;
        endsHere = value === 'end-slice' && deadlineMs !== Infinity;
      } while (more && !endsHere && !this.#isTimeUp());
    } catch (error) {
      this.#o.failed('sweep', error);
    }
    this.#running = false;
    this.#spend(this.#o.nowMs() - startMs);
    if (!more) this.#end();
    return more;
  }

  /** Each `yield` is a place where a slice may end. */
  *#sweep(): Generator<SliceEnd, void> {
    const { ledger, docket, detectors, nowMs, tell } = this.#o;
    while (!ledger.sweepSlice(this.#deadlineMs)) yield;
    yield;
    this.count++;
    const charges: Charge[] = [];
    const atMs = nowMs();
    for (const detector of detectors) {
      if (this.#broken.has(detector)) continue;
      if (detector.readsSystem === true) yield 'end-slice';
      const before = charges.length;
      const looks = this.#guarded(detector, () => detector.check(ledger.sweepCount, atMs)[Symbol.iterator]());
      while (this.#guarded(detector, () => this.#looksOn(looks, charges)) === true) yield;
      if (this.#broken.has(detector)) charges.length = before;
      if (this.#isTimeUp()) yield;
    }
    const told = yield* docket.update(charges);
    bookUnreleased(ledger, docket.standing());
    yield;
    if (told.length > 0) tell(told);
  }

  /**
   * Looks until the time is up.
   * @returns whether there is more to look at
   */
  #looksOn(looks: Iterator<Charge | undefined> | undefined, charges: Charge[]): boolean {
    for (let look = looks?.next(); look !== undefined && look.done !== true; look = looks?.next()) {
      if (look.value !== undefined) charges.push(look.value);
      if (this.#isTimeUp()) return true;
    }
    return false;
  }

  /** Work of a detector, which has no other turn once it threw. */
  #guarded<T>(detector: Detector, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#broken.add(detector);
      this.#o.failed(detector.name, error);
      return undefined;
    }
  }

  #isTimeUp(): boolean {
    return this.#deadlineMs !== Infinity && this.#o.nowMs() >= this.#deadlineMs;
  }

  #end(): void {
    this.#steps = undefined;
    if (this.durationsMs.length < maxDurations) this.durationsMs.push(this.#spentMs);
    this.longestOfSweepMs = this.#longestMs;
    this.#spentMs = 0;
    this.#longestMs = 0;
  }

  #spend(ms: number): void {
    this.#spentMs += ms;
    this.busyMs += ms;
    this.slices++;
    if (ms > this.#longestMs) this.#longestMs = ms;
    if (ms > this.longestSliceMs) this.longestSliceMs = ms;
  }
}
