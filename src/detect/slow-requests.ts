import type { RequestTimes, SlowRequest } from '../lifetime/request-times.ts';
import type { RouteTimes } from '../lifetime/route-times.ts';

/** A time in which the event loop stood still, on the ledger's clock. */
export interface Pause {
  readonly startMs: number;
  readonly durationMs: number;
}

/** Collections are told in a turn of their own: what ended lately waits for the next look. */
const toldWithinMs = 250;

/**
 * Requests slower than the 99th percentile of their route, matched with major garbage collections. A request overlaps a
 * collection when their times have a part in common; it is slow *by* collection when the pauses within it are at least
 * half of what it took beyond the median of its route: by chance alone a long request overlaps one too.
 */
export class SlowRequests {
  readonly #times: RequestTimes;
  /** Running totals: slow ones, those that overlapped a major collection, those that it made slow. */
  slow = 0;
  overlapped = 0;
  byGc = 0;
  /** The route whose request was made slow last. */
  lastRoute: RouteTimes | undefined = undefined;

  constructor(times: RequestTimes) {
    this.#times = times;
  }

  /** Has requests timed even where nobody exports that. */
  examine(wanted: boolean): void {
    this.#times.examined = wanted;
  }

  settle(majors: readonly Pause[], nowMs: number): void {
    for (const request of this.#times.takeSlow(nowMs - toldWithinMs)) this.#settle(request, majors);
  }

  #settle({ route, startedMs, endedMs }: SlowRequest, majors: readonly Pause[]): void {
    this.slow++;
    const pausedMs = overlapMs(majors, startedMs, endedMs);
    if (pausedMs <= 0) return;
    this.overlapped++;
    const ms = endedMs - startedMs;
    if (pausedMs < (ms - route.quantileMs(0.5)) / 2) return;
    this.byGc++;
    route.addPaused(ms);
    this.lastRoute = route;
  }
}

function overlapMs(pauses: readonly Pause[], fromMs: number, toMs: number): number {
  let sumMs = 0;
  for (const { startMs, durationMs } of pauses) {
    sumMs += Math.max(0, Math.min(toMs, startMs + durationMs) - Math.max(fromMs, startMs));
  }
  return sumMs;
}
