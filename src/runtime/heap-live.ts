import { getHeapSpaceStatistics } from 'node:v8';

/** What this thread's old objects and its code take, in bytes: the first, right after a major collection, is what lives. */
export interface HeapHeld {
  /** Without the young objects, which are garbage for the most part when somebody comes to look. */
  readonly bytes: number;
  /** Code and bytecode, which V8 makes and flushes at its own pace. */
  readonly codeBytes: number;
}

const dataSpaces: ReadonlySet<string> = new Set([
  'old_space',
  'large_object_space',
  'shared_space',
  'shared_large_object_space',
]);
const codeSpaces: ReadonlySet<string> = new Set([
  'code_space',
  'code_large_object_space',
  'trusted_space',
  'trusted_large_object_space',
  'shared_trusted_space',
  'shared_trusted_large_object_space',
]);

/**
 * Of a service at rest the old objects move by 10 KB from one major collection to the next, `used_heap_size` by 300 KB.
 * 3 µs to read.
 */
export function heapHeld(): HeapHeld {
  let bytes = 0;
  let codeBytes = 0;
  for (const { space_name: name, space_used_size: usedBytes } of getHeapSpaceStatistics()) {
    if (dataSpaces.has(name)) bytes += usedBytes;
    else if (codeSpaces.has(name)) codeBytes += usedBytes;
  }
  return { bytes, codeBytes };
}

/** About how much is allocated from one minor collection to the next: half of the young generation, in bytes. */
export function youngHalfBytes(): number {
  return (getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0) / 2;
}
