import { isAnyOpen, type LeftOpen } from './left-open.ts';
import type { Scope } from './scope.ts';

/** Sweeps in one cohort. */
const cohortSweeps = 8;
const keptCohorts = 24;
const maxNames = 200;
/** Each sweep of one name: the first ones, and of the rest one in 16, by chance, for apps have rhythms. */
const firstOfSweep = 4;
const maxOfSweep = 12;
const maxWaiting = 512;
const maxKept = 128;

/** What became of those that were born in the same 8 sweeps. */
export interface Cohort {
  readonly number: number;
  born: number;
  /** Of the sampled ones: looked at when they should have been gone. */
  judged: number;
  /** Of the judged: still there. */
  kept: number;
  /** Of the judged: still there then, gone since. */
  late: number;
}

export interface Sample {
  readonly thing: WeakRef<object>;
  readonly scope: Scope | undefined;
  readonly sweep: number;
  readonly bornMs: number;
  /** What the clock of the samples showed at its birth. */
  readonly mark: number;
  readonly cohort: Cohort;
  readonly leftOpen: readonly LeftOpen[];
  /** On which the work came, if on any. */
  readonly connection: WeakRef<object> | undefined;
}

export interface Birth {
  readonly thing: object;
  readonly scope: Scope | undefined;
  readonly nowMs: number;
  /** What is open in it. */
  readonly leftOpen: readonly LeftOpen[];
  readonly connection?: object | undefined;
}

export interface ScopeSamplesOptions {
  /** A clock of its own that a sample notes at birth, e.g. how many major collections there were. */
  readonly mark: () => number;
  /** Whether it is time to look at a sample. */
  readonly isDue: (sample: Sample, sweep: number, mark: number) => boolean;
  /** Whether a thing that is still reachable is over all the same. */
  readonly isOver: (thing: object) => boolean;
  /** Whether what is still there is at work, so that it is left out. */
  readonly isAtWork: (thing: object) => boolean;
  /** Whether the connection holds what is still there: an idle one does so with the last work that came on it. */
  readonly isHeldBy: (connection: object, thing: object) => boolean;
}

/** Samples of one name. */
export class ScopeWatch {
  readonly name: string;
  readonly cohorts: Cohort[] = [];
  born = 0;
  /** Of what is born until the next look. */
  current: Cohort | undefined = undefined;
  /** Looked at and still there, oldest first; at most 128 of them. */
  kept: Sample[] = [];
  waiting: Sample[] = [];
  takenOfSweep = 0;
  /** Of the cohorts that are no longer kept apart. */
  #keptBefore = 0;

  constructor(name: string) {
    this.name = name;
  }

  cohortAt(sweep: number): Cohort {
    const number = Math.floor(sweep / cohortSweeps);
    const last = this.cohorts.at(-1);
    if (last?.number === number) return last;
    const cohort = { number, born: 0, judged: 0, kept: 0, late: 0 };
    this.cohorts.push(cohort);
    if (this.cohorts.length > keptCohorts) this.#keptBefore += keptOf(this.cohorts.shift());
    return cohort;
  }

  /** How many of all that were born are still there, by the share of the sampled ones. */
  get keptEstimate(): number {
    return Math.round(this.cohorts.reduce((sum, cohort) => sum + keptOf(cohort), this.#keptBefore));
  }
}

const keptOf = (cohort: Cohort | undefined): number =>
  cohort === undefined || cohort.judged === 0 ? 0 : (cohort.born * cohort.kept) / cohort.judged;

/**
 * What stays of scopes, by name: a few of each sweep are held weakly and looked at again when they should be gone.
 * At most 200 names, at most 512 samples of each that wait.
 */
export class ScopeSamples {
  readonly #o: ScopeSamplesOptions;
  readonly #watches = new Map<string, ScopeWatch>();
  /** The next is often of its name. */
  #lastBorn: ScopeWatch | undefined;
  #sweep = 0;
  /** When it was last looked. */
  lookedMs = 0;

  constructor(options: ScopeSamplesOptions) {
    this.#o = options;
  }

  [Symbol.iterator](): Iterator<ScopeWatch> {
    return this.#watches.values();
  }

  /**
   * Hot path: a look-up and a count.
   * @returns where this one is to be sampled, for few
   */
  born(name: string): ScopeWatch | undefined {
    const watch = this.#lastBorn?.name === name ? this.#lastBorn : (this.#watches.get(name) ?? this.#newWatch(name));
    if (watch === undefined) return undefined;
    this.#lastBorn = watch;
    const cohort = (watch.current ??= watch.cohortAt(this.#sweep));
    cohort.born++;
    watch.born++;
    if (watch.takenOfSweep >= maxOfSweep || watch.waiting.length >= maxWaiting) return undefined;
    return watch.takenOfSweep >= firstOfSweep && Math.random() >= 1 / 16 ? undefined : watch;
  }

  /** Holds the one that was born last, weakly. */
  sample(watch: ScopeWatch, { thing, scope, nowMs, leftOpen, connection }: Birth): void {
    watch.takenOfSweep++;
    watch.waiting.push({
      thing: new WeakRef(thing),
      scope,
      sweep: this.#sweep,
      bornMs: nowMs,
      mark: this.#o.mark(),
      cohort: watch.cohortAt(this.#sweep),
      leftOpen,
      connection: connection && new WeakRef(connection),
    });
  }

  /** Each `undefined` is a place where the look may pause. */
  *look(sweep: number, nowMs: number): Iterable<undefined> {
    this.#sweep = sweep;
    this.lookedMs = nowMs;
    const mark = this.#o.mark();
    for (const watch of this.#watches.values()) watch.current = undefined;
    for (const watch of this.#watches.values()) {
      yield;
      watch.takenOfSweep = 0;
      this.#judge(watch, mark);
      this.#lookAgain(watch);
    }
  }

  clear(): void {
    this.#watches.clear();
    this.#lastBorn = undefined;
  }

  #newWatch(name: string): ScopeWatch | undefined {
    if (this.#watches.size >= maxNames) return undefined;
    const watch = new ScopeWatch(name);
    this.#watches.set(name, watch);
    return watch;
  }

  #judge(watch: ScopeWatch, mark: number): void {
    const due = watch.waiting.filter((sample) => this.#o.isDue(sample, this.#sweep, mark));
    if (due.length === 0) return;
    watch.waiting = watch.waiting.filter((sample) => !due.includes(sample));
    for (const sample of due) {
      const thing = this.#stillThere(sample);
      if (thing !== undefined && this.#hasReason(sample, thing)) continue;
      sample.cohort.judged++;
      if (thing === undefined) continue;
      sample.cohort.kept++;
      watch.kept.push(sample);
    }
    if (watch.kept.length > maxKept) watch.kept = watch.kept.slice(-maxKept);
  }

  /** An open lifetime in it is a reason to be there, and is judged by itself; so is a connection that only came to rest. */
  #hasReason({ leftOpen, connection }: Sample, thing: object): boolean {
    if (this.#o.isAtWork(thing) || isAnyOpen(leftOpen)) return true;
    const restsOn = connection?.deref();
    return restsOn !== undefined && this.#o.isHeldBy(restsOn, thing);
  }

  #lookAgain(watch: ScopeWatch): void {
    if (watch.kept.length === 0) return;
    watch.kept = watch.kept.filter((sample) => {
      if (this.#stillThere(sample) !== undefined) return true;
      sample.cohort.kept--;
      sample.cohort.late++;
      return false;
    });
  }

  #stillThere({ thing }: Sample): object | undefined {
    const there = thing.deref();
    return there === undefined || this.#o.isOver(there) ? undefined : there;
  }
}
