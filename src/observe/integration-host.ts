import type { Queues } from '../lifetime/queues.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Above } from '../runtime/stack.ts';
import { type LibraryQueues, type QueueReader, WatchedQueues } from './library-queues.ts';
import { FollowedThings, type LibraryThings, type ThingsOptions } from './library-things.ts';
import type { Observer } from './observer.ts';
import { type AnyFunction, type Detach, detachAll, patchMethod, type PatchState, patchSetter } from './patch.ts';

/** What is there where an integration is attached: the running outlive. */
export interface Surroundings {
  readonly observer: Observer;
  readonly queues: Queues;
  readonly clock: Clock;
  /** Where the app lies, and where it was started. */
  readonly home: { readonly appRoot: string; readonly cwd: string };
  /** Whether outlive itself ends: its last sweep and export still read what was watched. */
  isEnding?(): boolean;
}

/**
 * What an integration works with. Everything is undone by outlive when it is shut down or the integration is no longer used;
 * what the callbacks throw is caught, counted and told once, and the library goes on as if there were none.
 */
export interface IntegrationHost {
  /**
   * Tells of each call of a method before it runs. The call passes through: the same `this`, arguments, result, error. A
   * method that is not there, or cannot be replaced, is left alone.
   */
  beforeCall<T extends object>(target: T, name: PropertyKey, tell: (self: T, args: readonly unknown[]) => void): void;
  /** The same, of each call that has returned, with its result: a promise as it is, not what becomes of it. */
  afterCall<T extends object>(
    target: T,
    name: PropertyKey,
    tell: (self: T, args: readonly unknown[], result: unknown) => void,
  ): void;
  /** Tells of each assignment to an accessor property before its setter runs: of the birth of what sets it in its constructor. */
  beforeSet<T extends object>(target: T, name: PropertyKey, tell: (self: T) => void): void;
  /** The queues of the library that are in memory. */
  queues<T extends object>(reader: QueueReader<T>): LibraryQueues<T>;
  /** What of the library is opened and must be ended: clients, sessions, handles. */
  things<T extends object>(options: ThingsOptions): LibraryThings<T>;
}

/** The host of one integration, for as long as it is attached. */
export class Host implements IntegrationHost {
  readonly #library: string;
  readonly #surroundings: Surroundings;
  readonly #detaches: Detach[] = [];

  constructor(library: string, surroundings: Surroundings) {
    this.#library = library;
    this.#surroundings = surroundings;
  }

  beforeCall<T extends object>(target: T, name: PropertyKey, tell: (self: T, args: readonly unknown[]) => void): void {
    const told = this.#safely(name, tell);
    const wrap = (original: AnyFunction, state: PatchState): AnyFunction =>
      function called(this: T, ...args: unknown[]): unknown {
        if (state.active) told(called, this, args);
        return Reflect.apply(original, this, args);
      };
    this.onDetach(patchMethod(target, name, wrap));
  }

  afterCall<T extends object>(
    target: T,
    name: PropertyKey,
    tell: (self: T, args: readonly unknown[], result: unknown) => void,
  ): void {
    const told = this.#safely(name, tell);
    const wrap = (original: AnyFunction, state: PatchState): AnyFunction =>
      function called(this: T, ...args: unknown[]): unknown {
        const result: unknown = Reflect.apply(original, this, args);
        if (state.active) told(called, this, args, result);
        return result;
      };
    this.onDetach(patchMethod(target, name, wrap));
  }

  beforeSet<T extends object>(target: T, name: PropertyKey, tell: (self: T) => void): void {
    const told = this.#safely(name, tell);
    const wrap = (original: AnyFunction, state: PatchState): AnyFunction =>
      function called(this: T, value: unknown): void {
        if (state.active) told(called, this);
        Reflect.apply(original, this, [value]);
      };
    this.onDetach(patchSetter(target, name, wrap));
  }

  queues<T extends object>(reader: QueueReader<T>): LibraryQueues<T> {
    const queues = new WatchedQueues(this.#library, reader, this.#surroundings);
    this.#onUnuse(() => queues.end());
    return queues;
  }

  things<T extends object>(options: ThingsOptions): LibraryThings<T> {
    const things = new FollowedThings<T>(this.#library, options, this.#surroundings.observer);
    this.#onUnuse(() => things.end());
    return things;
  }

  /** Whatever it is given that is to be undone is undone in reverse order. */
  onDetach(detach: Detach | void): void {
    if (detach !== undefined) this.#detaches.push(detach);
  }

  /** Where outlive ends, what was watched ends with it, not before its last reading. */
  #onUnuse(end: Detach): void {
    this.onDetach(() => {
      if (this.#surroundings.isEnding?.() !== true) end();
    });
  }

  /** One that fails keeps none of the others from being undone. */
  detach(): void {
    const { observer } = this.#surroundings;
    const guarded = this.#detaches.splice(0).map((detach) => () => observer.guard(this.#where('detach'), detach));
    detachAll(guarded)();
  }

  /** Sites are sought above the function that was called. */
  #safely<T extends object>(name: PropertyKey, tell: (self: T, args: readonly unknown[], result: unknown) => void) {
    const { observer } = this.#surroundings;
    const told = observer.safely(this.#where(name), tell);
    return (called: Above, self: T, args: readonly unknown[] = [], result?: unknown): void => {
      const outer = observer.calledThrough;
      observer.calledThrough = called;
      told(self, args, result);
      observer.calledThrough = outer;
    };
  }

  #where(what: PropertyKey): string {
    return `integration ${this.#library}, ${String(what)}`;
  }
}
