import type { Alert } from './alert.ts';
import { failureOf, type Outcome, taken } from './outcome.ts';

/** A function of the app that passes an alert on. Throws or rejects where it should be tried again later. */
export type AlertHandler = (alert: Alert) => unknown;

/** One that does not settle in time is not called again for the same alert: it may be at work still. */
export function handledBy(
  handler: AlertHandler,
  timeoutMs: number,
  setTimeout: (fn: () => void, ms: number) => { cancel(): void },
): (alert: Alert) => Promise<Outcome> {
  return (alert) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ is: 'refused', why: 'did not settle in time' }), timeoutMs);
      const settle = (outcome: Outcome): void => {
        timer.cancel();
        resolve(outcome);
      };
      void settled(handler, alert).then(settle);
    });
}

async function settled(handler: AlertHandler, alert: Alert): Promise<Outcome> {
  try {
    await handler(alert);
    return taken;
  } catch (error) {
    return failureOf(error);
  }
}
