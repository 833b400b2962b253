import type { Nursery } from './nursery.ts';
import { OnDemand } from './on-demand.ts';
import { type IsPending, PromiseTrace } from './promise-trace.ts';
import { ScopeDraw } from './scope-draw.ts';
import type { Site } from './site.ts';

/** Promises of the whole process from one sweep to the next, at 0.4 µs each, after which nobody looks any more. */
const maxBirths = 65_536;
/** The same once all scopes that were drawn have ended: what they have left running may make some yet. */
const maxBirthsAfter = 4096;
/** Notes from one sweep to the next, at 10 to 45 µs each by the depth of the stack. */
const maxNotes = 384;
/** Of these, the ones that are kept for scopes that are drawn already. */
const notesReserved = maxNotes / 2;
const maxTraces = 256;
const majorsBeforeLook = 2;
/** Sweeps after which a scope that has not ended is looked at all the same. */
const sweepsBeforeLook = 24;
const maxVotesOfName = 32;
/** One vote of a scope of which no birth was missed outweighs all others. */
const exactWeight = maxVotesOfName;
const maxNames = 500;

/** What the scopes of one name say that were drawn and that stay. */
interface Ballot {
  /** Seen from their beginning, and no promise is pending in them. */
  inVain: number;
  votes: number;
  /** By their weight. */
  readonly bySite: Map<Site, number>;
}

/** Until the next look, promises are noted in scopes of these names. */
export interface PlacesLook {
  readonly sweep: number;
  readonly majors: number;
  readonly names: ReadonlySet<string>;
}

/**
 * Where work that never settles waits. While it is asked for, a few scopes of the names in question are drawn, and of these
 * each promise is noted at its birth with its line, however many others the process makes meanwhile. Of a scope that is
 * retained long after its end, the youngest that is still pending is what the others wait for.
 */
export class PendingPlaces {
  readonly births = new OnDemand();
  readonly #isPending: IsPending;
  readonly #draw = new ScopeDraw();
  readonly #ballots = new Map<string, Ballot>();
  #traces: PromiseTrace[] = [];
  #birthsLeft = 0;
  #notesLeft = 0;
  #now = { sweep: 0, major: 0 };

  constructor(isPending: IsPending) {
    this.#isPending = isPending;
  }

  /** A promise is born somewhere. Hot path while it is looked. */
  countBirth(): void {
    if (--this.#birthsLeft <= 0) this.#stopLooking();
  }

  /** For a scope in which a promise is born for the first time while it is looked; `null` where it is not drawn. */
  traceOf(nursery: Nursery): PromiseTrace | null {
    const hasRoom = this.#traces.length < maxTraces && this.#notesLeft > notesReserved;
    const drawnAs = hasRoom ? this.#draw.draw(nursery.scope) : undefined;
    if (drawnAs === undefined) return null;
    const trace = new PromiseTrace(nursery, drawnAs, this.#now);
    this.#traces.push(trace);
    return trace;
  }

  /** Whether the promise that is born now in that scope is to be noted. */
  takesBirth(trace: PromiseTrace): boolean {
    if (!trace.closed && !this.#draw.wants(trace.scope)) this.#drop(trace);
    if (!trace.takesBirth()) return false;
    if (this.#notesLeft > 0) return true;
    trace.miss();
    return false;
  }

  note(trace: PromiseTrace, promise: object, site: Site): void {
    this.#notesLeft--;
    trace.note(promise, site, this.#isPending);
    if (!trace.scope.ended) Object.assign(trace, this.#now);
  }

  /** A scope that was drawn has ended, under its last name. */
  ended(trace: PromiseTrace): void {
    if (trace.closed) return;
    Object.assign(trace, this.#now);
    if (!this.#draw.wants(trace.scope)) this.#drop(trace);
    if (this.#draw.isOpen || this.#traces.some(({ isUnderWay }) => isUnderWay)) return;
    this.#birthsLeft = Math.min(this.#birthsLeft, maxBirthsAfter);
  }

  look({ sweep, majors, names }: PlacesLook): void {
    this.#now = { sweep, major: majors };
    for (const trace of this.#traces) if (this.#isDue(trace)) this.#take(trace);
    this.#traces = this.#traces.filter(({ closed }) => !closed);
    this.#draw.begin(names, sweep);
    this.#birthsLeft = maxBirths;
    this.#notesLeft = maxNotes;
    if (names.size > 0) this.births.want(true);
    else this.#stopLooking();
  }

  votesOf(name: string): number {
    return this.#ballots.get(name)?.votes ?? 0;
  }

  /** How many scopes of that name stay though no promise is pending in them. */
  inVainOf(name: string): number {
    return this.#ballots.get(name)?.inVain ?? 0;
  }

  /** The line at which most of the drawn scopes of that name wait, by those of which no birth was missed where there are some. */
  siteOf(name: string): Site | null {
    let site: Site | null = null;
    let most = 0;
    for (const [candidate, weight] of this.#ballots.get(name)?.bySite ?? []) {
      if (weight > most) [site, most] = [candidate, weight];
    }
    return site;
  }

  /** Whatever held scopes of that name does so no longer. */
  forget(name: string): void {
    this.#ballots.delete(name);
  }

  clear(): void {
    this.births.want(false);
    // their scopes go on, and still know them
    for (const trace of this.#traces) trace.close();
    this.#traces = [];
    this.#ballots.clear();
  }

  #stopLooking(): void {
    this.births.want(false);
    for (const trace of this.#traces) trace.unwatch();
  }

  /** Its scope turned out to be of another name: another one is drawn in its stead. */
  #drop(trace: PromiseTrace): void {
    trace.close();
    this.#traces.splice(this.#traces.indexOf(trace), 1);
    this.#draw.giveBack(trace.drawnAs);
  }

  #isDue({ scope, sweep, major }: PromiseTrace): boolean {
    if (!scope.ended) return this.#now.sweep - sweep >= sweepsBeforeLook;
    return this.#now.major - major >= majorsBeforeLook;
  }

  #take(trace: PromiseTrace): void {
    const ballot = trace.isStuck ? this.#ballotOf(trace.scope.name) : undefined;
    if (ballot !== undefined && ballot.votes < maxVotesOfName) {
      const site = trace.pendingAt(this.#isPending);
      if (site !== undefined) {
        ballot.votes++;
        ballot.bySite.set(site, (ballot.bySite.get(site) ?? 0) + (trace.isVague ? 1 : exactWeight));
      } else if (!trace.hasGaps) ballot.inVain++;
    }
    trace.close();
  }

  #ballotOf(name: string): Ballot | undefined {
    let ballot = this.#ballots.get(name);
    if (ballot === undefined && this.#ballots.size < maxNames)
      this.#ballots.set(name, (ballot = { inVain: 0, votes: 0, bySite: new Map() }));
    return ballot;
  }
}
