import { type Detach, detachAll, patchMethod } from '../observe/patch.ts';
import { isMainThread } from '../runtime/main-thread.ts';
import { isOwnFile } from '../runtime/own-code.ts';
import { hearSignal } from '../runtime/signals.ts';
import { capturedFrames } from '../runtime/stack.ts';
import { keepAlive } from '../runtime/timers.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;
type Signal = (typeof signals)[number];

/** What is sent at the end. */
export interface LastFlush {
  /** Whether there may be something to send: if not, the end is not held up by a single turn of the event loop. */
  isWanted(): boolean;
  /** Bounded in time; never rejects. */
  flush(): Promise<void>;
}

/**
 * Sends what is left when the process ends, and leaves its end as it was: no listener is added, an app that listens
 * ends as it likes, an app that does not is ended by the same signal once the flush is through or its time is up.
 */
export function flushesAtExit(last: LastFlush): Detach {
  const closings: Detach[] = [];
  const close = (): void => detachAll(closings)();
  const onSignal = signalFlush(() => last.flush(), close);
  const holdsBack = beforeExitFlush(last);
  // on the prototype that `process` has for itself alone: its own properties stay as they are
  const detach = patchMethod(
    Object.getPrototypeOf(process) as object,
    'emit',
    (original, state) =>
      function emit(this: NodeJS.Process, event: unknown) {
        if (state.active && event === 'beforeExit' && holdsBack()) return this.listenerCount(event) > 0;
        if (state.active && (event === 'SIGTERM' || event === 'SIGINT')) onSignal(event);
        return Reflect.apply(original, this, arguments) as unknown;
      },
  );
  if (isMainThread) closings.push(...signals.map((signal) => hearSignal(signal)));
  return () => {
    close();
    detach();
  };
}

/**
 * A flush that sends something keeps the event loop going, and Node would emit `beforeExit` a second time. So the first one
 * is held back from the app, which sees the next.
 */
function beforeExitFlush(last: LastFlush): () => boolean {
  let flushed = false;
  return () => {
    if ((!flushed && !last.isWanted()) || !isEmittedByNode()) return false;
    flushed = !flushed;
    if (flushed) void last.flush().then(keepAlive());
    return flushed;
  };
}

/** Whether nothing but wrappers of `emit` is on the stack. */
const isEmittedByNode = (): boolean => capturedFrames(16).every(({ file, fn }) => isOwnFile(file) || /emit/i.test(fn));

/** Where nobody of the app listens, the flush ends with the end; a second signal does not wait for it. */
function signalFlush(flush: () => Promise<void>, close: () => void): (signal: Signal) => void {
  const flushing = new Set<Signal>();
  return (signal) => {
    const end = process.listenerCount(signal) > 0 ? () => {} : () => endBy(signal, close);
    if (flushing.has(signal)) return end();
    flushing.add(signal);
    void flush().then(() => (flushing.delete(signal), end()));
  };
}

/** Nobody of the app listens: the signal does what it would have done. */
function endBy(signal: Signal, close: () => void): void {
  close();
  process.kill(process.pid, signal);
}
