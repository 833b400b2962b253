import { nodePerformance } from './builtins.ts';

/** Monotonic time in ms and the wall clock's, so that tests can bring their own. */
export interface Clock {
  nowMs(): number;
  wallMs(): number;
}

/** Node's clocks, as they are before an app replaces them by fake ones. What the first needs loads with the first look at it. */
export function systemClock(): Clock {
  const { now: wall } = Date;
  let now = (): number => {
    const performance = nodePerformance();
    now = performance.now.bind(performance);
    return now();
  };
  return { nowMs: () => now(), wallMs: () => wall() };
}
