import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const prefix = 'outlive: ';

/** What outlive says on the stderr of a process, as it comes in; everything else goes to `others`. */
export function outliveLinesOf(child: ChildProcess, others: (line: string) => void = () => {}): string[] {
  const lines: string[] = [];
  if (child.stderr === null) return lines;
  createInterface(child.stderr).on('line', (line) => {
    if (line.startsWith(prefix)) lines.push(line.slice(prefix.length));
    else others(line);
  });
  return lines;
}
