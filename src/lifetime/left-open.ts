import type { Ledger } from './ledger.ts';
import { type Nursery, newbornFields } from './nursery.ts';
import type { Probe } from './probe.ts';
import type { TrackedType } from './tracked-type.ts';

const maxThings = 8;

/** A thing that was open when its scope ended, held weakly. */
export interface LeftOpen {
  readonly thing: WeakRef<object>;
  readonly probe: Probe;
}

/**
 * Up to 8 of the things that a scope has left open. To be asked at its end, of few scopes: rows are searched.
 */
export function leftOpenBy({ items, scope }: Nursery, { survivors, sweepCount }: Ledger): LeftOpen[] {
  const left: LeftOpen[] = [];
  for (let i = 0; i < items.length && left.length < maxThings; i += newbornFields) {
    left.push({ thing: new WeakRef(items[i] as object), probe: (items[i + 1] as TrackedType).probe });
  }
  // a scope that began after the last sweep has no rows but what it rolled over
  if (scope.openedAtSweep === sweepCount) return left;
  for (let slot = 0; slot < survivors.end && left.length < maxThings; slot++) {
    if (survivors.scopes[slot] !== scope) continue;
    const [thing, origin] = [survivors.refs[slot], survivors.origins[slot]];
    if (thing !== undefined && origin !== undefined) left.push({ thing, probe: origin.type.probe });
  }
  return left;
}

/** Whether any of them is open still: a reason to be there for whatever holds their scope, told of elsewhere. */
export const isAnyOpen = (left: readonly LeftOpen[]): boolean =>
  left.some(({ thing, probe }) => {
    const there = thing.deref();
    return there !== undefined && probe.endOf(there) === undefined;
  });
