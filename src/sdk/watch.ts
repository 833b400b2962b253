import type { QueueProbe, QueueSort, Unwatch } from '../lifetime/queues.ts';
import { cleanName } from './clean-name.ts';
import { brokenRule } from './outlive-error.ts';
import { runningEngine } from './running.ts';
import { onceRunning } from './waiting-watches.ts';

export type { QueueProbe, Unwatch };

/**
 * Watches an in-memory queue: its depth, its capacity and the age of its oldest item, read once a sweep. One that grows
 * and does not drain is told as `growing_queue`, with the line of this call. The callbacks are held until the watch ends.
 *
 * @param name low-cardinality, e.g. `billing`; at most 80 characters are kept. Queues of one name count together
 * @param probe `size` in items; `capacity` in items; `oldest` as a Date or in wall-clock ms since the epoch;
 * `enqueued` or `dequeued` (one is enough) as running totals
 * @throws OutliveError `OUTLIVE_BAD_ARGUMENT` where `size` is no function
 * @returns ends the watch; usable with `using`
 * @example
 * ```ts
 * import { watchQueue } from 'outlive';
 *
 * watchQueue('billing', { size: () => jobs.length, capacity: 10_000, oldest: () => jobs[0]?.queuedAt });
 * ```
 */
export function watchQueue(name: string, probe: QueueProbe): Unwatch {
  return watch('queue', name, probe);
}

/**
 * Watches a cache, a map, a set of sessions: whatever should stop growing once it is warm. One that does not is told as
 * `growing_collection`, with the line of this call.
 *
 * @param name low-cardinality, e.g. `sessions`; at most 80 characters are kept
 * @param probe `size` in entries; `capacity` in entries
 * @throws OutliveError `OUTLIVE_BAD_ARGUMENT` where `size` is no function
 * @returns ends the watch; usable with `using`
 * @example
 * ```ts
 * import { watchCollection } from 'outlive';
 *
 * watchCollection('sessions', { size: () => sessions.size });
 * ```
 */
export function watchCollection(name: string, probe: QueueProbe): Unwatch {
  return watch('collection', name, probe);
}

function watch(sort: QueueSort, name: string, probe: QueueProbe): Unwatch {
  if (typeof (probe as Partial<QueueProbe> | undefined)?.size !== 'function') {
    const value = (probe as Partial<QueueProbe> | undefined)?.size;
    throw brokenRule(
      'OUTLIVE_BAD_ARGUMENT',
      { path: 'size', rule: 'a function that gives a number', value },
      'E.g. { size: () => queue.length }.',
    );
  }
  const engine = runningEngine();
  if (engine !== undefined) return engine.watchQueue(sort, cleanName(name), probe);
  let unwatch: Unwatch | undefined;
  const begin = (): void => void (unwatch = runningEngine()?.watchQueue(sort, cleanName(name), probe));
  const cancel = onceRunning(begin);
  const end = (): void => {
    cancel();
    unwatch?.();
  };
  return Object.assign(end, { [Symbol.dispose]: end });
}
