import { freemem, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { CgroupMemory } from './memory-cgroup.ts';

/** Who would end the process for want of memory, and where. */
export interface MemoryLimit {
  readonly source: 'cgroup' | 'v8' | 'host';
  readonly bytes: number;
  /** What counts against it: of this thread's heap with its garbage, of all processes of the group, of the whole host. */
  readonly usedBytes: number;
}

/**
 * V8 gives up when its old objects find no room (`--max-old-space-size`); what it calls the limit of its heap has three
 * semi-spaces for young ones on top. Their size is nowhere to be read: MB by Node's version, as measured on 64 bit.
 */
const [nodeMajor = 0] = process.versions.node.split('.').map(Number);
const semiSpaceMb = nodeMajor >= 26 ? 32 : nodeMajor >= 24 ? 64 : 16;
const youngBytes = 3 * 2 ** 20 * (flagOf('max-semi-space-size') ?? semiSpaceMb);

/** What a flag of V8 in MB is set to, on the command line or by `NODE_OPTIONS`. */
function flagOf(name: string): number | undefined {
  const flags = [...(process.env['NODE_OPTIONS'] ?? '').split(' '), ...process.execArgv];
  const last = flags.map((flag) => flag.replaceAll('_', '-')).findLast((flag) => flag.startsWith(`--${name}=`));
  const value = Number(last?.slice(name.length + 3));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** The limit of this thread's heap and, in the main thread, those of the process. They may change while it runs. */
export function memoryLimits(cgroup: CgroupMemory | undefined, ofProcess: boolean): MemoryLimit[] {
  const heap = getHeapStatistics();
  const bytes = ofProcess ? Math.max(1, heap.heap_size_limit - youngBytes) : heap.heap_size_limit;
  const limits: MemoryLimit[] = [{ source: 'v8', bytes, usedBytes: heap.used_heap_size }];
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
