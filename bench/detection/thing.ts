import type { Probe } from '../../src/lifetime/probe.ts';

/** The app's time: how far it has run. Behind the clock while the CPU stalls. */
export interface AppTime {
  appMs: number;
}

export interface ThingOptions {
  /** App time at which it ends by itself; `Infinity` for never. */
  readonly endsAtMs: number;
  /** Stays whoever refers to it: an armed timer, an open socket. */
  readonly rooted?: boolean;
  /** It is used so often, from its opening on. */
  readonly usedEveryMs?: number;
}

/** Stands for a stream, a client, a timer: its whole life is a function of the app's time, so that nothing need be scheduled. */
export class Thing {
  endsAtMs: number;
  /** Uses that were told one by one. */
  uses = 0;
  readonly rooted: boolean;
  readonly usedEveryMs: number | undefined;
  readonly openedMs: number;

  constructor({ appMs }: AppTime, o: ThingOptions) {
    this.openedMs = appMs;
    this.endsAtMs = o.endsAtMs;
    this.rooted = o.rooted ?? false;
    this.usedEveryMs = o.usedEveryMs;
  }

  /** It is the weak reference to itself: in a simulation nothing that is followed gets collected. */
  deref(): this {
    return this;
  }
}

export function probeOf(time: AppTime): Probe {
  return {
    endOf: (thing) => ((thing as Thing).endsAtMs <= time.appMs ? 'released' : undefined),
    progressOf: (thing) => {
      const { openedMs, usedEveryMs, uses } = thing as Thing;
      return usedEveryMs === undefined ? uses : uses + Math.floor((time.appMs - openedMs) / usedEveryMs);
    },
    isRooted: (thing) => (thing as Thing).rooted,
  };
}

/**
 * Puts things themselves in the place of this thread's weak references: with real ones the collector would have a say in the
 * figures.
 */
export function simulateCollector(): void {
  const refTo = function (thing: Thing): Thing {
    return thing;
  };
  globalThis.WeakRef = refTo as unknown as WeakRefConstructor;
}
