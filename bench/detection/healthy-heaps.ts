import { batches, cache, drift, type HolderOf, payloads, perRequest, steps, warmUp } from './holders.ts';
import { type RaisedOfMemory, serviceWithRoom } from './memory-service.ts';
import type { Random } from './random.ts';

/** What a process holds that has no leak. */
export const healthyHeaps: Readonly<Record<string, readonly HolderOf[]>> = {
  heapWarmUp: [warmUp, perRequest],
  heapCache: [cache, perRequest],
  heapSawTooth: [batches, payloads],
  heapDrift: [drift, perRequest],
  heapSteps: [steps, warmUp, payloads],
  heapMixed: [warmUp, cache, batches, drift, perRequest, payloads, steps],
};

/** Its limit lies two fifths or more above the most that it ever takes. */
export function heapAlarmsIn(holdersOf: readonly HolderOf[], random: Random, lifeMs: number): RaisedOfMemory[] {
  const service = serviceWithRoom({ random, holdersOf, lifeMs, room: random.logBetween(1.4, 4) });
  while (service.appMs < lifeMs) service.step();
  return service.raised;
}
