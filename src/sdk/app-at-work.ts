import { type OwnTimer, ownTimers } from '../runtime/timers.ts';
import type { Engine } from './engine.ts';

/** How often it is asked whether the app runs by now, and when that is taken for granted. */
const askEveryMs = 50;
const takenForGrantedMs = 2000;

/** Calls once when the app's own code has been seen at work: never before its first line, 2 s later at the latest. */
export function onceAppIsAtWork({ observer, ledger, clock }: Engine, then: () => void): OwnTimer {
  // from the first look on: at the clock none is taken before the app's first line
  let deadlineMs: number | undefined;
  const timer = ownTimers.setInterval(() => {
    deadlineMs ??= clock.nowMs() + takenForGrantedMs - askEveryMs;
    if (!observer.appHasRun && ledger.scopeStats.total === 0 && clock.nowMs() < deadlineMs) return;
    timer.cancel();
    then();
  }, askEveryMs);
  return timer;
}
