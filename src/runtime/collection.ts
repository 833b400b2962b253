/** Tells when an object was collected. */
export interface CollectionWatch {
  watch(thing: object, slot: number): void;
  unwatch(thing: object): void;
}

/** A FinalizationRegistry that hands over the slot of what was collected. */
export function collectionWatch(collected: (slot: number) => void): CollectionWatch {
  const registry = new FinalizationRegistry<number>(collected);
  return {
    watch: (thing, slot) => registry.register(thing, slot, thing),
    unwatch: (thing) => void registry.unregister(thing),
  };
}
