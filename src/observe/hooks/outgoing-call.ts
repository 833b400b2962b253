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
  if (nursery === undefined) return undefined;
  const { scope } = nursery;
  const origin = observer.originHere(type, scope);
  // what arrives for it without a frame of the app takes this line; the scope of the process has too many causes
  if (origin?.site?.inApp === true && scope.sort !== 'process') scope.causeSite = origin.site;
  return { nursery, origin };
}
