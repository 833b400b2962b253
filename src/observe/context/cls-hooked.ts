import type { AsyncHook } from 'node:async_hooks';
import type { Nursery } from '../../lifetime/nursery.ts';
import { module } from '../../runtime/builtins.ts';
import { patchMethod } from '../patch.ts';
import type { ScopeContext } from './scope-context.ts';

/** What the scope travels in. An object of our own, so that contexts do not chain and a parent is not held by its children. */
interface Carrier {
  readonly nursery: Nursery | undefined;
}

/** The part of cls-hooked 4 that is used. `enter` and `exit`, because `run` writes a property on every error that passes. */
interface Namespace {
  active: Carrier | null;
  readonly _contexts: Map<number, Carrier>;
  enter(carrier: Carrier): void;
  exit(carrier: Carrier): void;
}
interface ClsHooked {
  createNamespace(name: string): Namespace;
}

const namespaceName = 'outlive';

/** The mechanism of apps that are on cls-hooked already, so that they keep one. 800-950 ns an await. */
export function clsHookedContext(): ScopeContext {
  const { namespace, hook } = createdNamespace();
  return {
    mechanism: 'cls-hooked',
    current: () => namespace.active?.nursery,
    currentOf: (asyncId) => namespace._contexts.get(asyncId)?.nursery,
    run(nursery, fn, thisArg, args = []) {
      const carrier = { nursery };
      namespace.enter(carrier);
      try {
        return Reflect.apply(fn, thisArg, args);
      } finally {
        leave(namespace, carrier);
      }
    },
    detach() {
      hook?.disable();
      namespace._contexts.clear();
      namespace.active = null;
    },
  };
}

/** After a `detach` from within, the carrier is no longer the active one. */
function leave(namespace: Namespace, carrier: Carrier): void {
  if (namespace.active === carrier) namespace.exit(carrier);
}

/**
 * A namespace of our own and the async hook behind it, which cls-hooked keeps to itself and never disables. Both loading
 * the module and making a namespace write to `process.namespaces`, the app's table: it stays as it was.
 */
function createdNamespace(): { namespace: Namespace; hook: AsyncHook | undefined } {
  const require = module.createRequire(import.meta.url);
  const before = Object.getOwnPropertyDescriptor(process, 'namespaces');
  const { createNamespace } = require('cls-hooked') as ClsHooked;
  if (before !== undefined) Object.defineProperty(process, 'namespaces', before);
  let hook: AsyncHook | undefined;
  const unpatch = patchMethod(
    require('node:async_hooks') as object,
    'createHook',
    (original) =>
      function createHook(this: unknown, ...args: unknown[]) {
        hook = Reflect.apply(original, this, args) as AsyncHook;
        return hook;
      },
  );
  try {
    return { namespace: createNamespace(namespaceName), hook };
  } finally {
    unpatch();
    const table = (process as { namespaces?: Record<string, unknown> }).namespaces;
    if (table !== undefined) Reflect.deleteProperty(table, namespaceName);
  }
}
