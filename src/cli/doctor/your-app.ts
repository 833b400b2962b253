import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Terminal } from '../command.ts';
import { registerUrl } from '../outlive-package.ts';
import type { Check } from './check.ts';
import { outliveLinesOf, startCheck } from './outlive-lines.ts';

const title = 'Your app';
const runsForMs = 10_000;

/** Runs a command with outlive loaded into every Node.js process of it, and shows what outlive says. */
export async function yourAppCheck(command: readonly string[], { env, folder, err }: Terminal): Promise<Check> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --import=${registerUrl}`.trimStart() },
    stdio: ['inherit', 'ignore', 'pipe'],
  });
  const lines = outliveLinesOf(child);
  child.stderr.on('data', (chunk) => err(String(chunk)));
  const stop = setTimeout(() => child.kill('SIGTERM'), runsForMs);
  try {
    await once(child, 'close');
  } catch (error) {
    return {
      title,
      status: 'failed',
      seen: `cannot be started: ${error instanceof Error ? error.message : String(error)}`,
    };
  } finally {
    clearTimeout(stop);
  }
  return startCheck(title, lines, 'Is it a Node.js program, and OUTLIVE_STDERR not off?');
}
