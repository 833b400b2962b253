import { fs } from './builtins.ts';

/** Open file descriptors of the process; `undefined` where the system does not tell. */
export function openDescriptors(): number | undefined {
  try {
    // Linux 6.2 and later answer the count as the directory's size: 3 µs however many are open
    const { size } = fs.statSync('/proc/self/fd');
    if (size > 0) return size;
    return fs.readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}
