import type { ScopeSort } from '../lifetime/scope.ts';
import { cleanName } from './clean-name.ts';
import type { Engine } from './engine.ts';
import { runningEngine } from './running.ts';

/**
 * Runs a piece of work as a scope of its own: a job, a cron run, a test. What is opened in it must end with it.
 * The scope ends when `fn` returns or, where it returns a promise, when that settles. Scopes nest.
 *
 * Values and errors of `fn` come through. A promise comes back as a new one that settles after it.
 *
 * @param name low-cardinality, e.g. `invoice job`: it stands in findings and on `outlive.scope.active`; at most 80 characters are kept
 * @example
 * ```ts
 * import { scope } from 'outlive';
 *
 * await scope('nightly invoices', async () => sendInvoices(await dueToday()));
 * ```
 */
export function scope<R>(name: string, fn: () => R): R {
  const engine = runningEngine();
  if (engine === undefined) return fn();
  return inScope(engine, 'task', cleanName(name), fn);
}

/** Opens a scope below the current one, runs `fn` in it, ends it when `fn` is done. */
export function inScope<R>(engine: Engine, sort: ScopeSort, name: string, fn: () => R, settled = () => {}): R {
  const { ledger, context } = engine.observer;
  const nursery = ledger.openScope(sort, name, context.current());
  const end = (): void => {
    engine.observer.guard('scope end', () => {
      ledger.endScope(nursery);
      settled();
    });
  };
  let result: R;
  try {
    result = context.run(nursery, fn);
  } catch (error) {
    end();
    throw error;
  }
  if (!isPromiseLike(result)) {
    end();
    return result;
  }
  return ended(result, end) as R;
}

async function ended(result: PromiseLike<unknown>, end: () => void): Promise<unknown> {
  try {
    return await result;
  } finally {
    end();
  }
}

const isPromiseLike = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
