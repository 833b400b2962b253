/** Sweeps closer together than this are asked for by somebody who waits for the answer: a test, a trial. */
const slowSweepMs = 2_000;
const patience = 4;
const floorsInAStretch = 5;

/**
 * How many times as many sweeps as in a trial growth of the heap is watched. What warms up, a cache or a pool that fills, a batch
 * until its first flush, grows as a leak does, for up to an hour after a start, by the clock: where sweeps are
 * seconds apart that is to be waited for.
 */
export const heapPatience = (sweepMs: number): number => (sweepMs >= slowSweepMs ? patience : 1);

/** One floor in this time: so that the floors that are kept span what growth is watched over. */
export const floorWindowOf = (sweepMs: number): number =>
  heapPatience(sweepMs) === 1 ? sweepMs : floorsInAStretch * sweepMs;
