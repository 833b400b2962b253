import type { Kind } from '../lifetime/kind.ts';
import type { Finding } from './finding.ts';

/**
 * What one thing that was not ended may hold, with all that its callbacks have in hand. Where the findings that stand could
 * account for all the growth by that, it has a name already.
 */
const mostBytesEach = 128 * 1024;

/** How much growth of the heap the findings that stand can account for. */
export function explainedBytes(standing: Iterable<Pick<Finding, 'kind' | 'count' | 'bytes'>>): number {
  let bytes = 0;
  for (const finding of standing) {
    if (explainsGrowth(finding.kind)) bytes += finding.count * mostBytesEach + finding.bytes;
  }
  return bytes;
}

/** Whether a finding about such things says why the heap grows. */
export const explainsGrowth = (kind: Kind): boolean => !explainsNothing.has(kind);

/** What is about memory itself, and what says that work waits, not what for nor what it keeps. */
const explainsNothing: ReadonlySet<Kind> = new Set<Kind>(['heap', 'context', 'task', 'http.request']);
