import type { Probe } from '../../src/lifetime/probe.ts';

/** The app's time: how far it has run. Behind the clock while the CPU stalls. */
export interface AppTime {
  appMs: number;
  /** App time at the last major collection. */
  lastMajorMs: number;
}

export interface ThingOptions {
  /** App time at which it ends by itself; `Infinity` for never. */
  readonly endsAtMs: number;
  /** Stays whoever refers to it: an armed timer, an open socket. */
  readonly rooted?: boolean;
  /** It is used so often, from its opening until `usedUntilMs`. */
  readonly usedEveryMs?: number;
  readonly usedUntilMs?: number;
  /** From then on nobody refers to it: the next major collection takes it. */
  readonly unreachableAtMs?: number;
}

/** Stands for a stream, a client, a timer: its whole life is a function of the app's time, so that nothing need be scheduled. */
export class Thing {
  endsAtMs: number;
  unreachableAtMs: number;
  usedUntilMs: number;
  /** Uses that were told one by one. */
  uses = 0;
  readonly rooted: boolean;
  readonly usedEveryMs: number;
  readonly openedMs: number;
  readonly #time: AppTime;

  constructor(time: AppTime, o: ThingOptions) {
    this.#time = time;
    this.openedMs = time.appMs;
    this.endsAtMs = o.endsAtMs;
    this.rooted = o.rooted ?? false;
    this.usedEveryMs = o.usedEveryMs ?? Infinity;
    this.usedUntilMs = o.usedUntilMs ?? Infinity;
    this.unreachableAtMs = o.unreachableAtMs ?? Infinity;
  }

  get isCollected(): boolean {
    return this.unreachableAtMs <= this.#time.lastMajorMs;
  }
}

export function probeOf(time: AppTime): Probe {
  return {
    endOf: (thing) => ((thing as Thing).endsAtMs <= time.appMs ? 'released' : undefined),
    progressOf: (thing) => {
      const { openedMs, usedEveryMs, usedUntilMs, uses } = thing as Thing;
      return uses + Math.floor((Math.min(time.appMs, usedUntilMs) - openedMs) / usedEveryMs);
    },
    isRooted: (thing) => (thing as Thing).rooted,
  };
}

/**
 * Puts simulated weak references in the place of this thread's: they refer strongly, and forget a `Thing` at the first
 * simulated major collection after it became unreachable. Without it the real collector would have a say in the figures.
 */
export function simulateCollector(): void {
  class SimulatedRef<T extends object> {
    readonly [Symbol.toStringTag] = 'WeakRef';
    readonly #target: T;
    constructor(target: T) {
      this.#target = target;
    }
    deref(): T | undefined {
      const target = this.#target;
      return target instanceof Thing && target.isCollected ? undefined : target;
    }
  }
  globalThis.WeakRef = SimulatedRef as WeakRefConstructor;
}
