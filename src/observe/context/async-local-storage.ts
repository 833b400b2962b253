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
  };
}
