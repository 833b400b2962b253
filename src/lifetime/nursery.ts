import type { Origin } from './origin.ts';
import type { PromiseTrace } from './promise-trace.ts';
import type { Scope } from './scope.ts';
import type { TrackedType } from './tracked-type.ts';

/** Fields of one newborn in `Nursery.items`: thing, type, origin (or null), opened (ms). */
export const newbornFields = 4;
/** Newborns that stand here before they are looked at for the first time. */
export const firstLookAt = 4 * newbornFields;
export type NewbornField = object | TrackedType | Origin | null | number;

/** Of all scopes that have opened nothing, as most requests do: 32 B less for each. */
const none: readonly NewbornField[] = [];

/**
 * What a scope opened lately: the object that the context carries. Most things end before anybody looks again,
 * so a newborn costs one push (20-30 ns; a WeakRef for each 425-1,085 ns). It is held strongly until its scope
 * ends, until 4, 8, 16, 32 or 64 stand here and it is seen to have ended, or until the next sweep, whichever is first.
 */
export class Nursery {
  readonly scope: Scope;
  #ownItems: NewbornField[] | undefined = undefined;
  /** Where births go that come long after the scope has ended. */
  background: Nursery | undefined = undefined;
  /** Of its promises, where it was drawn for that; `null` where it was not. */
  promises: PromiseTrace | null | undefined = undefined;
  /** Position in the ledger's list of nurseries that hold something, −1 outside it. */
  listedAt = -1;
  /** Length of `items` from which on they are looked at before the next opening. */
  lookAt = firstLookAt;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  get items(): readonly NewbornField[] {
    return this.#ownItems ?? none;
  }

  /** To put something in. */
  ownItems(): NewbornField[] {
    return (this.#ownItems ??= []);
  }

  isNewest(thing: object): boolean {
    return this.items[this.items.length - newbornFields] === thing;
  }
}
