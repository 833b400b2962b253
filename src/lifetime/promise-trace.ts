import { isAnyOpen, type LeftOpen } from './left-open.ts';
import type { Nursery } from './nursery.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';

/** Births of one scope that are noted. */
const maxBirths = 192;
/** Notes that are kept: when there are more, those of settled promises make room, then the oldest. */
const maxNotes = 32;
const roomMade = 8;

interface Note {
  readonly promise: WeakRef<object>;
  readonly site: Site;
}

export type IsPending = (promise: object) => boolean;

/** The promises of one scope that were noted at their birth, oldest first: what it waits for is among them. */
export class PromiseTrace {
  readonly scope: Scope;
  /** The name under which its scope was drawn. */
  readonly drawnAs: string;
  /** The sweep, and the number of major collections, of its scope's end, or of the last note till then. */
  sweep: number;
  major: number;
  /** What its scope has left open. */
  leftOpen: readonly LeftOpen[] = [];
  /** Births were missed, or notes dropped, while its scope was under way: that nothing of the rest is pending says nothing. */
  hasGaps = false;
  /** Births were missed then or later: what it waits for may be younger than all that was noted. */
  isVague = false;
  /** Nothing more is noted. */
  closed = false;
  readonly #nursery: WeakRef<Nursery>;
  #births = 0;
  #notes: Note[] = [];

  constructor(nursery: Nursery, drawnAs: string, { sweep, major }: { sweep: number; major: number }) {
    this.#nursery = new WeakRef(nursery);
    this.scope = nursery.scope;
    this.drawnAs = drawnAs;
    this.sweep = sweep;
    this.major = major;
  }

  /** Whether promises may still be born in its scope that are to be noted. */
  get isUnderWay(): boolean {
    return !this.closed && !this.scope.ended && this.#births < maxBirths;
  }

  /** Whether its scope stays for no other reason that is known: background work, or something open that is told of itself. */
  get isStuck(): boolean {
    const nursery = this.#nursery.deref();
    return nursery !== undefined && nursery.background === undefined && !isAnyOpen(this.leftOpen);
  }

  /** Whether the promise that is born now is to be noted. */
  takesBirth(): boolean {
    if (this.closed) return false;
    if (++this.#births <= maxBirths) return true;
    this.miss();
    return false;
  }

  /** The promise that is born now is not noted. */
  miss(): void {
    this.hasGaps = true;
    this.isVague = true;
  }

  /** Nobody looks any more. */
  unwatch(): void {
    if (this.isUnderWay) this.hasGaps = true;
    this.isVague = true;
  }

  note(promise: object, site: Site, isPending: IsPending): void {
    if (this.#notes.length >= maxNotes) this.#makeRoom(isPending);
    this.#notes.push({ promise: new WeakRef(promise), site });
  }

  /** Where the youngest promise was made that is still pending, a line of the app before one inside a library. */
  pendingAt(isPending: IsPending): Site | undefined {
    const pending = this.#notes.filter((note) => isStillPending(note, isPending));
    return (pending.findLast(({ site }) => site.inApp) ?? pending.at(-1))?.site;
  }

  close(): void {
    this.closed = true;
    this.#notes = [];
  }

  #makeRoom(isPending: IsPending): void {
    this.#notes = this.#notes.filter((note) => isStillPending(note, isPending));
    if (this.#notes.length <= maxNotes - roomMade) return;
    this.#notes = this.#notes.slice(roomMade);
    this.hasGaps = true;
  }
}

function isStillPending({ promise }: Note, isPending: IsPending): boolean {
  const there = promise.deref();
  return there !== undefined && isPending(there);
}
