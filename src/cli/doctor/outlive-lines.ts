import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Check } from './check.ts';

const prefix = 'outlive: ';

/** What outlive says on the stderr of a process, as it comes in. */
export function outliveLinesOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  if (child.stderr === null) return lines;
  createInterface(child.stderr).on('line', (line) => {
    if (line.startsWith(prefix)) lines.push(line.slice(prefix.length));
  });
  return lines;
}

/** What the line at start says: what is attached, where it goes, what cannot be done. */
export function startCheck(title: string, lines: readonly string[], silentRemedy: string): Check {
  const parts = lines.find((line) => line.includes(' watches '))?.split('; ');
  const troubles = lines.filter((line) => /\bcould not\b|\bfailed \(|\bdoes nothing\b/.test(line));
  if (parts === undefined) {
    const seen = 'outlive did not say that it started';
    return { title, status: 'failed', seen, more: troubles, remedy: troubles.length === 0 ? silentRemedy : undefined };
  }
  const [seen = '', ...more] = parts;
  const isWhole = troubles.length === 0 && !more.some((part) => part.startsWith('cannot '));
  return { title, status: isWhole ? 'ok' : 'warning', seen, more: [...more, ...troubles] };
}
