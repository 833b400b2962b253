import type { Stamp } from '../runtime/stamp.ts';
import { type Kind, kinds } from './kind.ts';
import { Newborns } from './newborns.ts';
import { Nursery } from './nursery.ts';
import type { Origin } from './origin.ts';
import type { End, Probe } from './probe.ts';
import { RequestTimes } from './request-times.ts';
import { Scope, type ScopeSort } from './scope.ts';
import { type ScopeCount, ScopeStats } from './scope-stats.ts';
import { Survivors } from './survivors.ts';
import { SurvivorSweep } from './survivor-sweep.ts';
import { Tally } from './tally.ts';
import type { TrackedType } from './tracked-type.ts';
import { type TypeOptions, TypeTable } from './type-table.ts';

/** Sweeps past a scope's end from which on what it opens is background work. */
const backgroundAfterSweeps = 4;
const maxLifetimeSamples = 256;
/** One lifetime in so many goes into the histogram. */
export const lifetimeSampling = 16;

export interface LedgerOptions {
  readonly maxOpen: number;
  readonly nowMs: () => number;
  /** Major garbage collections so far; without it, what is there is taken for held. */
  readonly majors?: () => number;
  /** Why things were adopted that the app told of. */
  readonly adopted: Stamp<string>;
}

/** @param connection on which the scope's work came, if on any */
export type ScopeEnded = (nursery: Nursery, connection?: object) => void;

/**
 * What is open now. The one writer of lifetimes: hooks call `open`, scopes call `endScope`, the sweep calls
 * `sweepSlice`. Knows neither Node nor OTel.
 */
export class Ledger {
  readonly tallies: ReadonlyMap<Kind, Tally> = new Map(kinds.map((kind) => [kind, new Tally(kind)]));
  readonly survivors = new Survivors();
  readonly scopeStats = new ScopeStats();
  readonly requestTimes: RequestTimes;
  /** Where things without a scope are booked. */
  readonly root: Nursery;
  /** Ms of the ledger's clock as of the last look at it: a sweep, the first opening in a scope, the end of one that opened something; 0 before. */
  nowMs = 0;
  sweepCount = 0;
  /** Share of what hooks would look at that they look at now: lowered where outlive costs too much. */
  samplingShare = 1;
  /** Not followed because `maxOpen` were open. */
  droppedFull = 0;
  /** No longer followed because looking at them threw: a getter of the app. */
  droppedUnreadable = 0;
  readonly #types = new TypeTable();
  readonly #newborns: Newborns;
  #samples = 0;
  #hasAdopted = false;
  #scopeEnded: ScopeEnded | undefined;
  readonly #o: LedgerOptions;
  readonly #sweep: SurvivorSweep;

  constructor(options: LedgerOptions) {
    this.#o = options;
    this.requestTimes = new RequestTimes(options.nowMs);
    this.root = new Nursery(new Scope('process', 'process', 0, undefined));
    this.#newborns = new Newborns(this);
    this.#sweep = new SurvivorSweep(this);
  }

  get types(): readonly TrackedType[] {
    return this.#types.all;
  }

  /** One type for all classes of one name that are looked at alike: a class may be declared anew in each request. */
  defineType(o: TypeOptions): TrackedType {
    return this.#types.define(o, this.tallyOf(o.kind));
  }

  /** Lets go of all that this probe looks at, as dropped, until their types are defined anew: their ends are not seen. */
  unwatch(probe: Probe): void {
    this.#types.unwatch(probe);
    for (let slot = 0; slot < this.survivors.end; slot++)
      if (this.survivors.origins[slot]?.type.isWatched === false) this.#sweep.drop(slot);
  }

  /** The app says that a thing may outlive its scope. */
  adopt(thing: object, reason: string): void {
    this.#o.adopted.set(thing, reason);
    this.#hasAdopted = true;
  }

  isAdopted(thing: object): boolean {
    return this.#hasAdopted && this.#o.adopted.get(thing) !== undefined;
  }

  /** Has the sites of everything that a library opens captured: what stands of it was opened without a frame of the app. */
  suspectLibrary(library: string, sweeps: number): void {
    for (const type of this.types) if (type.library === library) type.suspectForSweeps = sweeps;
  }

  /** Major garbage collections so far. */
  majors(): number {
    return this.#o.majors?.() ?? Infinity;
  }

  tallyOf(kind: Kind): Tally {
    const tally = this.tallies.get(kind);
    if (tally === undefined) throw new RangeError(`no such kind: ${kind}`);
    return tally;
  }

  openScope(sort: ScopeSort, name: string, parent: Nursery | undefined): Nursery {
    return this.openCounted(sort, this.scopeStats.of(name), name, parent);
  }

  /** The same where it is known where scopes of its name are counted. */
  openCounted(sort: ScopeSort, count: ScopeCount, name = count.name, parent?: Nursery): Nursery {
    this.scopeStats.opened(count);
    return new Nursery(new Scope(sort, name, this.sweepCount, parent?.scope, count));
  }

  /**
   * @param name the scope's name now that its route is known; its active count moves along
   * @param connection on which the work came; it is only passed on
   */
  endScope(nursery: Nursery, name = nursery.scope.name, connection?: object): void {
    const { scope } = nursery;
    if (scope.ended || scope.isEndless) return;
    scope.endedAtSweep = this.sweepCount;
    scope.parent = undefined;
    if (scope.counted !== undefined) this.scopeStats.ended(scope.counted, name, scope.expectedName);
    countRun(scope, name);
    scope.name = name;
    if (nursery.listedAt >= 0) this.#newborns.lookAtEnd(nursery);
    this.#scopeEnded?.(nursery, connection);
  }

  /** It is known by which name it will end. */
  expectName({ scope }: Nursery, name: string): void {
    const { counted, expectedName } = scope;
    if (scope.ended || name === expectedName) return;
    const { scopeStats } = this;
    if (counted !== undefined)
      scopeStats.rename(expectedName === undefined ? counted : scopeStats.of(expectedName), scopeStats.of(name));
    if (name !== scope.name) leaveRuns(scope);
    scope.expectedName = name;
  }

  /** Tells of each scope that ends, after its name is settled; to one listener at a time. */
  onScopeEnd(ended: ScopeEnded): () => void {
    this.#scopeEnded = ended;
    return () => {
      if (this.#scopeEnded === ended) this.#scopeEnded = undefined;
    };
  }

  /** Background work that a scope has started: births long after its end belong to a scope of their own, which has no end. */
  lateNursery(nursery: Nursery): Nursery {
    const { scope } = nursery;
    if (this.sweepCount - scope.endedAtSweep < backgroundAfterSweeps) return nursery;
    return (nursery.background ??= new Nursery(
      new Scope('background', `${scope.name} background`, this.sweepCount, scope),
    ));
  }

  /** Hot path: one push. `origin` is where it was opened, when that was captured. */
  open(nursery: Nursery, thing: object, type: TrackedType, origin: Origin | null): void {
    type.opened++;
    type.tally.opened++;
    if (origin !== null) noteOpening(origin, nursery.scope);
    this.#newborns.add(nursery, thing, type, origin);
  }

  /** Opens straight into a row: for things whose end is told by name (`track`), where the row must exist at once. */
  openSurvivor(nursery: Nursery, thing: object, type: TrackedType, origin: Origin | null): void {
    type.opened++;
    type.tally.opened++;
    if (origin !== null) noteOpening(origin, nursery.scope);
    this.readClock();
    this.promote(thing, type, origin, nursery.scope, this.nowMs);
  }

  /**
   * One slice of a sweep, bounded in time.
   * @returns whether the sweep is complete
   */
  sweepSlice(deadlineMs: number): boolean {
    const timeIsUp = (): boolean => this.#o.nowMs() >= deadlineMs;
    if (this.#sweep.idle) {
      this.readClock();
      this.sweepCount++;
      this.#newborns.beginSweep();
      this.#sweep.begin();
    }
    return this.#newborns.promoteDue(timeIsUp) && this.#sweep.step(timeIsUp);
  }

  /** Books the end of a survivor. */
  close(slot: number, end: End | 'unreadable'): void {
    const origin = this.survivors.origins[slot];
    if (origin === undefined) return;
    origin.ended++;
    if (end !== 'abandoned' && !this.survivors.isPastScope(slot)) origin.endedInTime++;
    this.#count(origin.type, end, this.survivors.openedMs[slot] ?? this.nowMs);
    this.survivors.free(slot);
  }

  *standing(origin: Origin): Iterable<object> {
    for (let slot = 0; slot < this.survivors.end; slot++) {
      if (this.survivors.origins[slot] !== origin) continue;
      const thing = this.survivors.refs[slot]?.deref();
      if (thing !== undefined) yield thing;
    }
  }

  readClock(): void {
    this.nowMs = this.#o.nowMs();
  }

  /** A newborn that is still there gets a row. */
  promote(thing: object, type: TrackedType, origin: Origin | null, scope: Scope, openedMs: number): void {
    if (!type.isWatched) return void type.tally.dropped++;
    if (this.survivors.size >= this.#o.maxOpen) {
      this.droppedFull++;
      type.tally.dropped++;
      return;
    }
    this.survivors.add(thing, origin ?? type.originIn(scope.name), scope, openedMs);
  }

  /** Books the end of a newborn. */
  end(type: TrackedType, origin: Origin | null, end: End | 'unreadable', openedMs: number, isInTime: boolean): void {
    if (origin !== null) {
      origin.ended++;
      if (isInTime) origin.endedInTime++;
    }
    this.#count(type, end, openedMs);
  }

  #count(type: TrackedType, end: End | 'unreadable', openedMs: number): void {
    const { tally } = type;
    if (end === 'unreadable') {
      this.droppedUnreadable++;
      tally.dropped++;
      return;
    }
    tally[end]++;
    if (
      ++this.#samples % (lifetimeSampling / this.samplingShare) === 0 &&
      tally.lifetimeSamplesS.length < maxLifetimeSamples
    ) {
      tally.lifetimeSamplesS.push(Math.max(0, this.nowMs - openedMs) / 1000);
    }
  }
}

function noteOpening(origin: Origin, scope: Scope): void {
  origin.opened++;
  origin.openedIn = scope;
}

function leaveRuns(scope: Scope): void {
  if (scope.runs === undefined) return;
  scope.runs.begun--;
  scope.runs.isNamedLate = true;
  scope.runs = undefined;
}

/** Work that was named by its route is told apart by that, whatever server it came to. */
function countRun(scope: Scope, name: string): void {
  if (scope.runs === undefined) return;
  if (name === scope.name) scope.runs.ended++;
  else leaveRuns(scope);
}
