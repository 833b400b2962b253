import { asyncHooks, util } from './builtins.ts';

/**
 * Tells of each promise that is made from now on: by `new Promise`, by the call of an async function, by `Promise.all`
 * and its kin. Not of those that `then` and `await` chain to another: they only wait for that one. About 400 ns for every
 * promise of the process, so it is for moments.
 *
 * @returns ends it
 */
export function watchPromiseBirths(born: (promise: object) => void): () => void {
  const hook = asyncHooks.createHook({
    init(_asyncId, type, triggerAsyncId, promise) {
      if (type === 'PROMISE' && triggerAsyncId === asyncHooks.executionAsyncId()) born(promise);
    },
  });
  hook.enable();
  return () => void hook.disable();
}

/** Whether a native promise is pending; nothing of the app is run, nothing attached. */
export const isPending = (promise: object): boolean =>
  /^(?:Promise|\S+ \[Promise\]) \{\s*<pending>/.test(
    util.inspect(promise, { customInspect: false, depth: 0, getters: false }),
  );
