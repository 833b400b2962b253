import type { CgroupMemory } from './memory-cgroup.ts';
import type { ReadText } from './process-files.ts';

/**
 * The share of the last 10 s in which some task stood still for want of memory (PSI `some avg10`), of the process's own
 * group where the kernel counts it, else of the host. 12-14 µs.
 */
export function memoryPressureRatio(cgroup: CgroupMemory | undefined, read: ReadText): number | undefined {
  const text = cgroup?.pressureText() ?? read('/proc/pressure/memory');
  const percent = Number.parseFloat(/^some avg10=(\S+)/m.exec(text ?? '')?.[1] ?? '');
  return Number.isFinite(percent) ? percent / 100 : undefined;
}
