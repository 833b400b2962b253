import type { Observer } from './observer.ts';

/** What a hook makes at its first attach and finds again at the next: its types stay the same, and what was learnt of them. */
export function oncePerObserver<T>(make: (observer: Observer) => T): (observer: Observer) => T {
  const made = new WeakMap<Observer, T>();
  return (observer) => {
    const known = made.get(observer);
    if (known !== undefined) return known;
    const first = make(observer);
    made.set(observer, first);
    return first;
  };
}
