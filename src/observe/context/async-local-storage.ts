import { asyncHooks } from '../../runtime/builtins.ts';
import type { Nursery } from '../../lifetime/nursery.ts';
import type { ScopeContext } from './scope-context.ts';

/** Node's own: free per await on 24 and 26, 36 → 122 ns an await on 22. */
export function asyncLocalStorageContext(): ScopeContext {
  const storage = new asyncHooks.AsyncLocalStorage<Nursery | undefined>();
  return {
    mechanism: 'async-local-storage',
    current: () => storage.getStore(),
    run: (nursery, fn, thisArg, args = []) => storage.run(nursery, Reflect.apply, fn, thisArg, args),
    detach: () => storage.disable(),
    ...(isOnResources(storage) ? {} : { enter: (nursery) => storage.enterWith(nursery) }),
  };
}

/**
 * Whether a context is kept on the async resource that runs, as on Node 22: there what is entered stays, e.g. on the
 * connection for its next request. From 24 on it is a frame that Node takes back after each of its calls.
 */
const isOnResources = (storage: object): boolean => 'kResourceStore' in storage;
