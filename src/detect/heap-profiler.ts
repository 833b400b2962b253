import type { HeapFloor } from '../lifetime/heap-floors.ts';
import type { Frame } from '../lifetime/site.ts';

/** What lives of the objects that were sampled at one call path. */
export interface LiveStack {
  /** Innermost first, Node's too (`node:…`): where each function begins. */
  readonly frames: readonly Frame[];
  /** `ordinal` rises in the order of birth; `bytes` is what the sample stands for. */
  readonly samples: readonly { readonly ordinal: number; readonly bytes: number }[];
}

/** What was allocated since the profiler began and lives, right after a full collection. */
export interface LiveAllocations {
  readonly stacks: readonly LiveStack[];
  readonly held: Omit<HeapFloor, 'atMs'>;
}

/** Whoever samples the heap for the detector, within a budget. */
export interface HeapProfiler {
  /**
   * @param intervalBytes one sample in so many, or in more where the app allocates much
   * @returns whether it runs: no, where it is switched off or somebody else samples
   */
  start(intervalBytes: number): boolean;
  /** Whether a read, which collects the whole heap, is affordable now. */
  mayRead(): boolean;
  /** `undefined` where the profiler was taken away: it is stopped then. */
  read(): LiveAllocations | undefined;
  /** Once a sweep while it runs. */
  tend(): void;
  stop(): void;
}
