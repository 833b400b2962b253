import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { CgroupMemory } from './memory-cgroup.ts';

/** Who would end the process for want of memory, and where. */
export interface MemoryLimit {
  readonly source: 'cgroup' | 'v8' | 'host';
  readonly bytes: number;
}

/** The limit of this thread's heap and, in the main thread, those of the process. They may change while it runs. */
export function memoryLimits(cgroup: CgroupMemory | undefined, ofProcess: boolean): MemoryLimit[] {
  const limits: MemoryLimit[] = [{ source: 'v8', bytes: getHeapStatistics().heap_size_limit }];
  if (!ofProcess) return limits;
  const hostBytes = totalmem();
  limits.push({ source: 'host', bytes: hostBytes });
  const cgroupBytes = cgroup === undefined ? constrainedBytes(hostBytes) : cgroup.limitBytes();
  if (cgroupBytes !== undefined) limits.push({ source: 'cgroup', bytes: cgroupBytes });
  return limits;
}

/** libuv's own reading, for where `/proc` and `/sys` cannot be read. 22 µs; 1.8e19 means unlimited. */
function constrainedBytes(hostBytes: number): number | undefined {
  const bytes = process.constrainedMemory();
  return bytes > 0 && bytes < hostBytes ? bytes : undefined;
}
