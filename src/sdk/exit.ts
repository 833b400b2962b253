import { isMainThread } from '../runtime/main-thread.ts';
import { type Detach, detachAll, patchMethod } from '../observe/patch.ts';
import { hearSignal } from '../runtime/signals.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;
type Signal = (typeof signals)[number];

/**
 * Sends what is left when the process ends, and leaves its end as it was: no listener is added, an app that listens
 * ends as it likes, an app that does not is ended by the same signal once the flush is through or its time is up.
 *
 * @param flush bounded in time; never rejects
 */
export function flushesAtExit(flush: () => Promise<void>): Detach {
  const ending = new Set<unknown>();
  const closings: Detach[] = [];
  const flushOnce = (event: unknown, after: () => void): void => {
    if (ending.has(event)) return;
    ending.add(event);
    void flush().then(after);
  };
  const close = (): void => detachAll(closings)();
  const detach = patchMethod(
    process,
    'emit',
    (original, state) =>
      function emit(this: NodeJS.Process, ...args: unknown[]): unknown {
        const [event] = args;
        if (!state.active) return Reflect.apply(original, this, args);
        if (event === 'beforeExit') flushOnce(event, () => {});
        if (event === 'SIGTERM' || event === 'SIGINT') {
          const appListens = this.listenerCount(event) > 0;
          flushOnce(event, () => (appListens ? ending.delete(event) : endBy(event, close)));
        }
        return Reflect.apply(original, this, args);
      },
  );
  if (isMainThread) closings.push(...signals.map((signal) => hearSignal(signal)));
  return () => {
    close();
    detach();
  };
}

/** Nobody of the app listens: the signal does what it would have done. */
function endBy(signal: Signal, close: () => void): void {
  close();
  process.kill(process.pid, signal);
}
