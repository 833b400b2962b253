import { clearTimeout, setTimeout } from 'node:timers';

/**
 * Waits for work, but no longer than that; holds the process open meanwhile, as a flush at its end must.
 * @returns whether the work was done in time and did not fail
 */
export function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), timeoutMs);
    const settle = (done: boolean): void => {
      clearTimeout(timer);
      resolve(done);
    };
    work.then(
      () => settle(true),
      () => settle(false),
    );
  });
}
