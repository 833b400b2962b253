import type { Nursery } from '../../lifetime/nursery.ts';

/** Which scope is the current code working for? One contract, two mechanisms: `async-local-storage` and `cls-hooked`. */
export interface ScopeContext {
  readonly mechanism: 'async-local-storage' | 'cls-hooked';
  /** The nursery of the current scope, `undefined` outside any. */
  current(): Nursery | undefined;
  /** Runs `fn` and everything asynchronous that it starts inside the scope; what it returns or throws comes through. */
  run<R>(nursery: Nursery | undefined, fn: (...args: never[]) => R, thisArg?: unknown, args?: ArrayLike<unknown>): R;
  /**
   * Works in the scope until the current call of Node's into JavaScript is over, which puts the context back itself: half of
   * what `run` costs. Only where the mechanism lasts no longer than that, and never for a call that the app makes.
   */
  readonly enter?: (nursery: Nursery) => void;
  /** The nursery that an async resource carries, where that is known by its id and not by the resource. */
  readonly currentOf?: (asyncId: number) => Nursery | undefined;
  /** Gives up the mechanism's own hooks. Scopes that are under way lose their context. */
  detach(): void;
}
