import type { Origin } from './origin.ts';
import type { Scope } from './scope.ts';
import type { TrackedType } from './tracked-type.ts';

/** Fields of one newborn in `Nursery.items`: thing, type, origin (or null), opened (ms). */
export const newbornFields = 4;
export type NewbornField = object | TrackedType | Origin | null | number;

/**
 * What a scope opened lately: the object that the context carries. Most things end before anybody looks again,
 * so a newborn costs one push (20-30 ns; a WeakRef for each 425-1,085 ns). It is held strongly until its scope
 * ends, until 64 stand here, or until the next sweep, whichever is first.
 */
export class Nursery {
  readonly scope: Scope;
  readonly items: NewbornField[] = [];
  /** Where births go that come long after the scope has ended. */
  background: Nursery | undefined = undefined;
  /** Position in the ledger's list of nurseries that hold something, −1 outside it. */
  listedAt = -1;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  isNewest(thing: object): boolean {
    return this.items[this.items.length - newbornFields] === thing;
  }
}
