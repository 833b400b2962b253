import type { Detach } from './patch.ts';

const pruneFrom = 64;

/**
 * What was attached later than at a hook's attach, to be undone with everything else. A patch on a class of the app is held
 * by that class alone: one that is declared in each request is collected as it would be without us.
 */
export class LateDetaches {
  readonly #heldBy = new WeakMap<object, Detach[]>();
  readonly #forGood = {};
  #detaches: WeakRef<Detach>[] = [];
  #pruneAt = pruneFrom;

  get size(): number {
    return this.#detaches.length;
  }

  /** @param target the class that it patches; none where that lives as long as the process */
  add(detach: Detach, target?: object): void {
    const holder = target ?? this.#forGood;
    const held = this.#heldBy.get(holder);
    if (held === undefined) this.#heldBy.set(holder, [detach]);
    else held.push(detach);
    this.#detaches.push(new WeakRef(detach));
    if (this.#detaches.length >= this.#pruneAt) this.#prune();
  }

  run(): void {
    const detaches = this.#detaches;
    this.#detaches = [];
    for (const detach of detaches.toReversed()) detach.deref()?.();
    this.#heldBy.delete(this.#forGood);
  }

  #prune(): void {
    this.#detaches = this.#detaches.filter((detach) => detach.deref() !== undefined);
    this.#pruneAt = Math.max(pruneFrom, 2 * this.#detaches.length);
  }
}
