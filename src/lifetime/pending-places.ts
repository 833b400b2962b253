import { isAnyOpen, type LeftOpen } from './left-open.ts';
import { OnDemand } from './on-demand.ts';
import type { Nursery } from './nursery.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';

/** Promises noted from one sweep to the next. */
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
  readonly #votes = new Map<string, Map<Site, number>>();
  #notesLeft = 0;
  #sweep = 0;
  #major = 0;

  constructor(isPending: (promise: object) => boolean) {
    this.#isPending = isPending;
  }

  get wantsNotes(): boolean {
    return this.#notesLeft > 0;
  }

  note(trace: Trace, promise: object, site: Site): void {
    this.#notesLeft--;
    trace.notes.push({ promise: new WeakRef(promise), site });
    trace.sweep = this.#sweep;
    trace.major = this.#major;
    if (this.#notesLeft <= 0) this.births.want(false);
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
    this.#notesLeft = o.wanted ? notesPerSweep : 0;
    this.births.want(o.wanted);
    for (const trace of this.#traces.filter((one) => this.#isDue(one))) {
      trace.closed = true;
      this.#traces.splice(this.#traces.indexOf(trace), 1);
      const nursery = trace.nursery.deref();
      if (nursery?.background === undefined && nursery !== undefined && !isAnyOpen(trace.leftOpen)) this.#vote(trace);
      trace.notes.length = 0;
    }
  }

  votesOf(name: string): number {
    return [...(this.#votes.get(name)?.values() ?? [])].reduce((sum, votes) => sum + votes, 0);
  }

  /** The line at which most of the sampled scopes of that name wait. */
  siteOf(name: string): Site | null {
    let site: Site | null = null;
    let most = 0;
    for (const [candidate, votes] of this.#votes.get(name) ?? []) if (votes > most) [site, most] = [candidate, votes];
    return site;
  }

  forget(name: string): void {
    this.#votes.delete(name);
  }

  clear(): void {
    this.births.want(false);
    this.#traces.length = 0;
    this.#votes.clear();
  }

  #isDue({ scope, sweep, major }: Trace): boolean {
    if (!scope.ended) return this.#sweep - sweep >= sweepsBeforeLook;
    return this.#major - major >= majorsBeforeLook;
  }

  #vote({ scope, notes }: Trace): void {
    const pending = notes.filter(({ promise }) => {
      const there = promise.deref();
      return there !== undefined && this.#isPending(there);
    });
    const last = pending.findLast(({ site }) => site.inApp) ?? pending.at(-1);
    if (last === undefined || this.votesOf(scope.name) >= maxVotesOfName) return;
    const votes = this.#votes.get(scope.name) ?? new Map<Site, number>();
    this.#votes.set(scope.name, votes.set(last.site, (votes.get(last.site) ?? 0) + 1));
  }
}
