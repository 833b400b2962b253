import { asyncHooks } from './builtins.ts';

/** outlive's own timers: unref'd, with Node's functions as they were before anything was wrapped, and outside any context of the app. */
export interface OwnTimers {
  setTimeout(fn: () => void, ms: number): OwnTimer;
  setInterval(fn: () => void, ms: number): OwnTimer;
  setImmediate(fn: () => void): void;
  /** After the current turn of the event loop, also of an idle one: there an unref'd immediate waits for the next event. */
  soon(fn: () => void): void;
}
export interface OwnTimer {
  cancel(): void;
}

const { setTimeout: nodeSetTimeout, setInterval: nodeSetInterval, setImmediate: nodeSetImmediate } = globalThis;
const { clearTimeout: nodeClearTimeout } = globalThis;

/**
 * A timer made inside a request would retain that request's context for its whole life.
 * The resource is made when this module loads, before the app: everything run through it has the empty context.
 */
const outside = new asyncHooks.AsyncResource('outlive', { requireManualDestroy: true });

export const runOutsideContext = <T>(fn: () => T): T => outside.runInAsyncScope(fn);

export const ownTimers: OwnTimers = {
  setTimeout(fn, ms) {
    const timer = runOutsideContext(() => nodeSetTimeout(fn, ms).unref());
    return { cancel: () => nodeClearTimeout(timer) };
  },
  setInterval(fn, ms) {
    const timer = runOutsideContext(() => nodeSetInterval(fn, ms).unref());
    return { cancel: () => nodeClearTimeout(timer) };
  },
  setImmediate(fn) {
    runOutsideContext(() => nodeSetImmediate(fn).unref());
  },
  soon(fn) {
    runOutsideContext(() => nodeSetTimeout(fn, 0).unref());
  },
};

const nothing = (): void => {};
const longestMs = 2 ** 31 - 1;

/**
 * Keeps the process alive.
 * @returns lets it go, after one more turn of the event loop
 */
export function keepAlive(): () => void {
  const timer = runOutsideContext(() => nodeSetInterval(nothing, longestMs));
  return () => {
    nodeClearTimeout(timer);
    runOutsideContext(() => nodeSetImmediate(nothing));
  };
}
