import type * as Zod from 'zod/mini';
import { module } from '../runtime/builtins.ts';

let loaded: typeof Zod | undefined;

/**
 * zod for outlive alone: what it leaves on `globalThis` and among the loaded modules is taken away again, so that an app
 * that loads it finds its own, whole and new. 50 ms of CPU (`zod/mini`; all of zod costs 70), so only where it is needed.
 */
export function ownZod(): typeof Zod {
  return (loaded ??= loadZod());
}

function loadZod(): typeof Zod {
  const require = module.createRequire(import.meta.url);
  const { cache } = require;
  const modulesBefore = new Set(Object.keys(cache));
  const globalsBefore = new Set(Object.getOwnPropertyNames(globalThis));
  try {
    return require('zod/mini') as typeof Zod;
  } finally {
    for (const file of Object.keys(cache)) if (!modulesBefore.has(file)) Reflect.deleteProperty(cache, file);
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (name.startsWith('__zod') && !globalsBefore.has(name)) Reflect.deleteProperty(globalThis, name);
    }
  }
}
