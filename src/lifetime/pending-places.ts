import { isAnyOpen, type LeftOpen } from './left-open.ts';
import { OnDemand } from './on-demand.ts';
import type { Nursery } from './nursery.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';

/** From one sweep to the next: births that are looked at (4 µs each), and of these the ones that are noted (10 µs). */
const looksPerSweep = 512;
const notesPerSweep = 96;
const maxTraces = 256;
const majorsBeforeLook = 2;
/** Sweeps after which a scope that has not ended is looked at all the same. */
const sweepsBeforeLook = 24;
const maxVotesOfName = 32;

interface Note {
  readonly promise: WeakRef<object>;
  readonly site: Site;
}

/** What the sampled scopes of one name say. */
interface Ballot {
  /** Scopes that were looked at. */
  looked: number;
  votes: number;
  readonly bySite: Map<Site, number>;
}

/** A line that makes promises: those that it made and that settled in time are worth no second look. */
interface Maker {
  /** Noted, and not looked at again so far. */
  open: number;
  settled: number;
  pending: number;
}
const maxMakers = 2000;
const maxNames = 500;
const maxOpenOfMaker = 8;
/** Sweeps in which a promise settles that is worth no look. */
const sweepsToSettle = 8;

/** The promises that were made in one scope while somebody looked, oldest first. */
export interface Trace {
  readonly nursery: WeakRef<Nursery>;
  readonly scope: Scope;
  readonly notes: Note[];
  sweep: number;
  major: number;
  /** What its scope has left open. */
  leftOpen: readonly LeftOpen[];
  /** It was looked at. */
  closed: boolean;
}

/**
 * Where work that never settles waits. While it is asked for, promises are noted at their birth with their line; of a
 * scope that is retained long after its end, the youngest that is still pending is what the others wait for.
 */
export class PendingPlaces {
  readonly births = new OnDemand();
  readonly #isPending: (promise: object) => boolean;
  readonly #traces: Trace[] = [];
  readonly #ballots = new Map<string, Ballot>();
  readonly #makers = new Map<string, Maker>();
  #young: { promise: WeakRef<object>; maker: Maker; sweep: number }[] = [];
  #looksLeft = 0;
  #notesLeft = 0;
  #sweep = 0;
  #major = 0;

  constructor(isPending: (promise: object) => boolean) {
    this.#isPending = isPending;
  }

  /** Whether births are to be looked at; each answer `true` uses up one look. */
  wantsLook(): boolean {
    if (this.#looksLeft === 0) return false;
    if (--this.#looksLeft === 0) this.births.want(false);
    return true;
  }

  /** Whether a promise that was made by that line is to be noted: the less, the more of its promises have settled. */
  wantsFrom(line: string): boolean {
    if (this.#notesLeft === 0) return false;
    const maker = this.#makers.get(line);
    if (maker === undefined) return this.#makers.size < maxMakers;
    if (maker.open >= maxOpenOfMaker) return false;
    return maker.pending > 0 || Math.random() * (1 + maker.settled / maxOpenOfMaker) < 1;
  }

  note(trace: Trace, promise: object, site: Site, line: string): void {
    this.#notesLeft--;
    let maker = this.#makers.get(line);
    if (maker === undefined) this.#makers.set(line, (maker = { open: 0, settled: 0, pending: 0 }));
    maker.open++;
    const held = new WeakRef(promise);
    this.#young.push({ promise: held, maker, sweep: this.#sweep });
    trace.notes.push({ promise: held, site });
    trace.sweep = this.#sweep;
    trace.major = this.#major;
  }

  /** The notes of a scope that has none yet; `undefined` where there is no room for them. */
  openTrace(nursery: Nursery): Trace | undefined {
    if (this.#traces.length >= maxTraces) return undefined;
    const trace: Trace = {
      nursery: new WeakRef(nursery),
      scope: nursery.scope,
      notes: [],
      sweep: this.#sweep,
      major: this.#major,
      leftOpen: [],
      closed: false,
    };
    this.#traces.push(trace);
    return trace;
  }

  /** Until the next call, promises are noted where `wanted`. */
  look(o: { sweep: number; majors: number; wanted: boolean }): void {
    this.#sweep = o.sweep;
    this.#major = o.majors;
    this.#looksLeft = o.wanted ? looksPerSweep : 0;
    this.#notesLeft = o.wanted ? notesPerSweep : 0;
    this.births.want(o.wanted);
    this.#learn();
    for (const trace of this.#traces.filter((one) => this.#isDue(one))) {
      trace.closed = true;
      this.#traces.splice(this.#traces.indexOf(trace), 1);
      const nursery = trace.nursery.deref();
      if (nursery?.background === undefined && nursery !== undefined && !isAnyOpen(trace.leftOpen)) this.#vote(trace);
      trace.notes.length = 0;
    }
  }

  votesOf(name: string): number {
    return this.#ballots.get(name)?.votes ?? 0;
  }

  /** How many scopes of that name that stay were looked at, whether a pending promise was found or not. */
  lookedAt(name: string): number {
    return this.#ballots.get(name)?.looked ?? 0;
  }

  /** The line at which most of the sampled scopes of that name wait. */
  siteOf(name: string): Site | null {
    let site: Site | null = null;
    let most = 0;
    for (const [candidate, votes] of this.#ballots.get(name)?.bySite ?? []) {
      if (votes > most) [site, most] = [candidate, votes];
    }
    return site;
  }

  clear(): void {
    this.births.want(false);
    this.#traces.length = 0;
    this.#young = [];
    this.#makers.clear();
    this.#ballots.clear();
  }

  #learn(): void {
    const grown = this.#young.filter(({ sweep }) => this.#sweep - sweep >= sweepsToSettle);
    this.#young = this.#young.slice(grown.length);
    for (const { promise, maker } of grown) {
      maker.open--;
      if (this.#isStillPending(promise)) maker.pending++;
      else maker.settled++;
    }
  }

  #isStillPending(promise: WeakRef<object>): boolean {
    const there = promise.deref();
    return there !== undefined && this.#isPending(there);
  }

  #isDue({ scope, sweep, major }: Trace): boolean {
    if (!scope.ended) return this.#sweep - sweep >= sweepsBeforeLook;
    return this.#major - major >= majorsBeforeLook;
  }

  #vote({ scope, notes }: Trace): void {
    const pending = notes.filter(({ promise }) => this.#isStillPending(promise));
    const last = pending.findLast(({ site }) => site.inApp) ?? pending.at(-1);
    let ballot = this.#ballots.get(scope.name);
    if (ballot === undefined) {
      if (this.#ballots.size >= maxNames) return;
      this.#ballots.set(scope.name, (ballot = { looked: 0, votes: 0, bySite: new Map() }));
    }
    ballot.looked++;
    if (last === undefined || ballot.votes >= maxVotesOfName) return;
    ballot.votes++;
    ballot.bySite.set(last.site, (ballot.bySite.get(last.site) ?? 0) + 1);
  }
}
