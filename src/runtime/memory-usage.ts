import { getHeapStatistics } from 'node:v8';

/** What the process and this thread's V8 hold, in bytes. 9 µs to read on Node 24. */
export interface MemoryUsage {
  /** Resident memory of the whole process, all threads. */
  readonly rssBytes: number;
  /** Live and not yet collected objects in this thread's heap. */
  readonly heapUsedBytes: number;
  /** Committed for this thread's heap. */
  readonly heapTotalBytes: number;
  /** Where this thread's V8 gives up. */
  readonly heapLimitBytes: number;
  /** Held by objects of this thread outside its heap, array buffers included. */
  readonly externalBytes: number;
  readonly arrayBuffersBytes: number;
  /** Taken by V8 itself through `malloc`. */
  readonly mallocedBytes: number;
}

export function memoryUsage(): MemoryUsage {
  const { rss, external, arrayBuffers } = process.memoryUsage();
  const heap = getHeapStatistics();
  return {
    rssBytes: rss,
    heapUsedBytes: heap.used_heap_size,
    heapTotalBytes: heap.total_heap_size,
    heapLimitBytes: heap.heap_size_limit,
    externalBytes: external,
    arrayBuffersBytes: arrayBuffers,
    mallocedBytes: heap.malloced_memory,
  };
}
