import { firstLookAt, type NewbornField, type Nursery, newbornFields } from './nursery.ts';
import type { Origin } from './origin.ts';
import type { End } from './probe.ts';
import type { Scope } from './scope.ts';
import type { TrackedType } from './tracked-type.ts';

/** Newborns of one scope that are held before the oldest are looked at. */
const rollAt = 64 * newbornFields;
/** Newborns of all scopes together, before a nursery is looked at for each further one. */
const maxNewborns = 4096;
/** Ended scopes with something open after which the first of them is looked at again: a few ms under load. */
const stragglers = 64;

/** Where it is written what becomes of newborns: the ledger. */
export interface NewbornBooks {
  /** Ms of its clock as of the last `readClock()`. */
  readonly nowMs: number;
  readClock(): void;
  promote(thing: object, type: TrackedType, origin: Origin | null, scope: Scope, openedMs: number): void;
  end(type: TrackedType, origin: Origin | null, end: End | 'unreadable', openedMs: number, isInTime: boolean): void;
}

/** What was opened lately, in the nurseries of its scopes: when it is looked at, let go, or promoted to a row of its own. */
export class Newborns {
  readonly #books: NewbornBooks;
  /** Nurseries that hold something. */
  #listed: Nursery[] = [];
  /** Those of them that this sweep has still to look at. */
  #due: Nursery[] = [];
  #count = 0;
  /** The last ended scopes that left something open, until they are looked at once more. */
  readonly #stragglers = Array.from<Nursery | undefined>({ length: stragglers });
  #nextStraggler = 0;
  #nextRolled = 0;

  constructor(books: NewbornBooks) {
    this.#books = books;
  }

  /** Hot path: one push. */
  add(nursery: Nursery, thing: object, type: TrackedType, origin: Origin | null): void {
    const items = nursery.ownItems();
    // before the push: what is being opened has not ended yet
    if (items.length >= nursery.lookAt) this.#lookAgain(nursery);
    else if (this.#count >= maxNewborns) this.#promoteNext();
    if (items.length === 0) this.#books.readClock();
    items.push(thing, type, origin, this.#books.nowMs);
    this.#count++;
    if (nursery.listedAt < 0) nursery.listedAt = this.#listed.push(nursery) - 1;
  }

  /** All that are here now are due. */
  beginSweep(): void {
    this.#due = this.#listed;
    for (const nursery of this.#due) nursery.listedAt = -1;
    this.#listed = [];
    this.#count = 0;
    this.#stragglers.fill(undefined);
  }

  /** @returns whether none is due any more */
  promoteDue(timeIsUp: () => boolean): boolean {
    for (let nursery = this.#due.pop(); nursery !== undefined; nursery = this.#due.pop()) {
      this.#promoteItems(nursery);
      if (timeIsUp()) return this.#due.length === 0;
    }
    return true;
  }

  /** Each in its turn, so that none is looked at over and over. */
  #promoteNext(): void {
    this.#nextRolled = (this.#nextRolled + 1) % this.#listed.length;
    const nursery = this.#listed[this.#nextRolled];
    if (nursery !== undefined) this.#promoteAll(nursery);
  }

  /** What ends right after its scope, like a timer cleared once the response is out, is let go a few scopes later. */
  lookAtEnd(nursery: Nursery): void {
    this.#keepOpenOnes(nursery);
    if (nursery.listedAt < 0) return;
    const before = this.#stragglers[this.#nextStraggler];
    this.#stragglers[this.#nextStraggler] = nursery;
    this.#nextStraggler = (this.#nextStraggler + 1) % stragglers;
    if (before !== undefined && before.listedAt >= 0) this.#keepOpenOnes(before);
  }

  /** What has ended is let go early: in a scope that is over, or that works for hours, nothing else would. */
  #lookAgain(nursery: Nursery): void {
    const { items } = nursery;
    if (items.length >= rollAt) this.#promoteAll(nursery);
    else this.#keepOpenOnes(nursery);
    nursery.lookAt = Math.max(firstLookAt, Math.min(2 * items.length, rollAt));
  }

  #promoteAll(nursery: Nursery): void {
    this.#count -= Math.min(this.#count, nursery.items.length / newbornFields);
    this.#promoteItems(nursery);
    this.#unlist(nursery);
  }

  #promoteItems(nursery: Nursery): void {
    const { scope } = nursery;
    const items = nursery.ownItems();
    for (let i = 0; i < items.length; i += newbornFields) {
      const [thing, type, origin, openedMs] = newbornAt(items, i);
      const end = endOf(type, thing);
      if (end === undefined) this.#books.promote(thing, type, origin, scope, openedMs);
      else this.#books.end(type, origin, end, openedMs, !scope.ended);
    }
    items.length = 0;
  }

  /** What has ended is counted and let go, the rest waits for the next look. */
  #keepOpenOnes(nursery: Nursery): void {
    this.#books.readClock();
    const items = nursery.ownItems();
    let kept = 0;
    for (let i = 0; i < items.length; i += newbornFields) {
      const [thing, type, origin, openedMs] = newbornAt(items, i);
      const end = endOf(type, thing);
      if (end === undefined) {
        if (kept !== i) for (let k = 0; k < newbornFields; k++) items[kept + k] = items[i + k] as NewbornField;
        kept += newbornFields;
      } else {
        this.#books.end(type, origin, end, openedMs, true);
        if (this.#count > 0) this.#count--;
      }
    }
    items.length = kept;
    if (kept === 0) this.#unlist(nursery);
  }

  #unlist(nursery: Nursery): void {
    const at = nursery.listedAt;
    if (at < 0) return;
    const last = this.#listed.pop();
    if (last !== undefined && last !== nursery) {
      this.#listed[at] = last;
      last.listedAt = at;
    }
    nursery.listedAt = -1;
  }
}

const newbornAt = (items: readonly NewbornField[], i: number) =>
  [items[i], items[i + 1], items[i + 2], items[i + 3]] as [object, TrackedType, Origin | null, number];

function endOf(type: TrackedType, thing: object): End | 'unreadable' | undefined {
  try {
    return type.probe.endOf(thing);
  } catch {
    return 'unreadable';
  }
}
