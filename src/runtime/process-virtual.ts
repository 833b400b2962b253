import type { ReadText } from './process-files.ts';

/** Virtual memory of the process, from `/proc/self/status`; Linux only. */
export function virtualMemoryBytes(read: ReadText): number | undefined {
  const kib = /^VmSize:\s+(\d+) kB/m.exec(read('/proc/self/status') ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}
