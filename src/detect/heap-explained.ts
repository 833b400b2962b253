import type { Finding } from './finding.ts';

/**
 * What one thing that was not ended may hold, with all that its callbacks have in hand. Where the findings that stand could
 * account for all the growth by that, it has a name already.
 */
const mostBytesEach = 128 * 1024;

/** How much growth of the heap the findings that stand can account for. */
export function explainedBytes(standing: Iterable<Finding>): number {
  let bytes = 0;
  for (const finding of standing) {
    if (!isAboutMemory(finding)) bytes += finding.count * mostBytesEach + finding.bytes;
  }
  return bytes;
}

const isAboutMemory = ({ kind, type }: Finding): boolean =>
  kind === 'heap' || type === 'memory_limit' || type === 'gc_pressure' || type === 'fragmentation';
