import { getHeapSpaceStatistics } from 'node:v8';

/** One space of this thread's V8 heap, in bytes. */
export interface HeapSpace {
  readonly name: string;
  readonly usedBytes: number;
  readonly committedBytes: number;
}

/** Every space of the heap. Node 22 has 11 of them, 24 and 26 have 13; 1-3 µs to read. */
export function heapSpaces(): HeapSpace[] {
  return getHeapSpaceStatistics().map((space) => ({
    name: space.space_name,
    usedBytes: space.space_used_size,
    committedBytes: space.space_size,
  }));
}
