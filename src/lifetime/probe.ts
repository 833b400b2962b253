import type { Connections } from './connections.ts';

/** How a lifetime ended; `abandoned` is the collector's word, the others are the probe's. */
export type End = 'released' | 'errored' | 'abandoned';

/**
 * How the ledger looks at a thing. Looking is free of side effects: no getter of the app is run,
 * no listener added, nothing kept. Called for survivors only, once a sweep.
 */
export interface Probe {
  /** How it ended, `undefined` while it is open. */
  endOf(thing: object): 'released' | 'errored' | undefined;
  /** Bytes, reads or touches so far: a figure that only grows while somebody uses the thing. */
  progressOf?(thing: object): number;
  /** Bytes that wait in its buffers. */
  bufferedOf?(thing: object): number;
  /** Of a client: its connections. */
  connectionsOf?(thing: object): Connections;
  /**
   * Whether something native (a descriptor, a busy connection) is behind it at this look.
   * Collected un-ended while this held is proof of a leak.
   */
  holdsNative?(thing: object): boolean;
  /**
   * Whether it stays whether or not anybody refers to it: an armed timer, an open socket, a running worker. Anything else
   * may be garbage that was not collected yet, and is not held against anybody before a major collection has passed.
   */
  isRooted?(thing: object): boolean;
  /**
   * For things whose normal end leaves no trace (a generator that ran to its end): whether it is known to be open at
   * this look. It is not judged while it is not.
   */
  isKnownOpen?(thing: object): boolean;
  /** A note that is read when the thing is gone. It must not refer to the thing. */
  remainsOf?(thing: object): Remains | undefined;
}

/** What can be told of a thing after it was collected un-ended. */
export interface Remains {
  readonly end: End;
  /** Whether its loss is proof that work was left undone: a generator suspended at a `yield`, its `finally` never run. */
  readonly leftUndone: boolean;
}
