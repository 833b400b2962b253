import { freemem, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { CgroupMemory } from './memory-cgroup.ts';

/** Who would end the process for want of memory, and where. */
export interface MemoryLimit {
  readonly source: 'cgroup' | 'v8' | 'host';
  readonly bytes: number;
  /** What counts against it: of this thread's heap, of all processes of the group, of the whole host. */
  readonly usedBytes: number;
}

/** The limit of this thread's heap and, in the main thread, those of the process. They may change while it runs. */
export function memoryLimits(cgroup: CgroupMemory | undefined, ofProcess: boolean): MemoryLimit[] {
  const heap = getHeapStatistics();
  const limits: MemoryLimit[] = [{ source: 'v8', bytes: heap.heap_size_limit, usedBytes: heap.used_heap_size }];
  if (!ofProcess) return limits;
  const host = hostLimit();
  limits.push(host);
  const group = cgroup === undefined ? constrained(host.bytes) : cgroup.limit();
  if (group !== undefined) limits.push({ source: 'cgroup', ...group });
  return limits;
}

/** On Linux what is free counts what the kernel can give back at need (`MemAvailable`); elsewhere it does not, and says little. */
function hostLimit(): MemoryLimit {
  const bytes = totalmem();
  const usedBytes = process.platform === 'linux' ? bytes - freemem() : process.memoryUsage.rss();
  return { source: 'host', bytes, usedBytes };
}

/** libuv's own reading, for where `/proc` and `/sys` cannot be read. 22 µs; 1.8e19 means unlimited. */
function constrained(hostBytes: number): { readonly bytes: number; readonly usedBytes: number } | undefined {
  const bytes = process.constrainedMemory();
  return bytes > 0 && bytes < hostBytes ? { bytes, usedBytes: process.memoryUsage.rss() } : undefined;
}
