import { isMainThread } from 'node:worker_threads';
import { type Detach, detachAll, patchMethod } from '../observe/patch.ts';
import { onSignal } from '../runtime/signals.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;

/**
 * Sends what is left when the process ends, and leaves its end as it was: no listener is added, an app that listens
 * ends as it likes, an app that does not is ended by the same signal once the flush is through or its time is up.
 *
 * @param flush bounded in time; never rejects
 */
export function flushesAtExit(flush: () => Promise<void>): Detach {
  let flushed = false;
  const detaches: Detach[] = [
    patchMethod(
      process,
      'emit',
      (original, state) =>
        function emit(this: object, ...args: unknown[]): unknown {
          if (state.active && args[0] === 'beforeExit' && !flushed) {
            flushed = true;
            void flush();
          }
          return Reflect.apply(original, this, args);
        },
    ),
  ];
  if (isMainThread) for (const signal of signals) detaches.push(flushesOn(signal, flush));
  return detachAll(detaches);
}

function flushesOn(signal: 'SIGTERM' | 'SIGINT', flush: () => Promise<void>): Detach {
  let ending = false;
  const detach = onSignal(signal, () => {
    if (ending) return;
    ending = true;
    // the app has a say: it ends the process or goes on living, as without us
    const appListens = process.listenerCount(signal) > 0;
    void flush().then(() => {
      ending = false;
      if (appListens) return;
      detach();
      process.kill(process.pid, signal);
    });
  });
  return detach;
}
