/** Monotonic time in ms and the wall clock's, so that tests can bring their own. */
export interface Clock {
  nowMs(): number;
  wallMs(): number;
}

/** Node's clocks, taken before an app can replace them by fake ones. */
export function systemClock(): Clock {
  const { performance, Date: SystemDate } = globalThis;
  const now = performance.now.bind(performance);
  const wall = SystemDate.now;
  return { nowMs: () => now(), wallMs: () => wall() };
}
