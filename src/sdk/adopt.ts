import { cleanName } from './clean-name.ts';
import { runningEngine } from './running.ts';

/**
 * Says in code that a thing may outlive the request that opened it: a client made lazily, a cache, a pool.
 * It is no finding from then on. The thing is held weakly.
 *
 * @param reason why; the next reader's question
 * @example
 * ```ts
 * import { adopt } from 'outlive';
 *
 * search ??= adopt(new SearchClient(), 'one for the process, made at the first request');
 * ```
 * @returns the thing itself
 */
export function adopt<T extends object>(thing: T, reason: string): T {
  if (typeof thing === 'object' && thing !== null) runningEngine()?.ledger.adopt(thing, cleanName(reason));
  return thing;
}
