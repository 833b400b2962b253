import type { Nursery } from '../../lifetime/nursery.ts';
import type { Origin } from '../../lifetime/origin.ts';
import type { TrackedType } from '../../lifetime/tracked-type.ts';
import type { Observer } from '../observer.ts';

/** Where a call went out: what comes back belongs there, in whatever context it arrives. */
export interface OutgoingCall {
  readonly nursery: Nursery;
  readonly origin: Origin | null;
}

/** The call that is being made now, `undefined` inside outlive's own work. */
export function outgoingCall(observer: Observer, type: TrackedType): OutgoingCall | undefined {
  const nursery = observer.nursery();
  return nursery === undefined ? undefined : { nursery, origin: observer.originHere(type, nursery.scope) };
}
