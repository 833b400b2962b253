import { asyncLocalStorageContext } from './async-local-storage.ts';
import { clsHookedContext } from './cls-hooked.ts';
import type { ScopeContext } from './scope-context.ts';

/** The mechanism that carries scopes, by the name that the option `context` has for it. */
export const contextOf = (mechanism: ScopeContext['mechanism']): ScopeContext =>
  mechanism === 'cls-hooked' ? clsHookedContext() : asyncLocalStorageContext();
