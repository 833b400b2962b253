import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { cacheFolder, isBuilt, type Program, programs, sourceFolder } from './programs.ts';

const goCandidates = ['go', '/usr/local/go/bin/go'];

/** The `go` command of this machine, if it has one. */
export const goCommand = (): string | undefined =>
  goCandidates.find((command) => spawnSync(command, ['version'], { stdio: 'ignore' }).status === 0);

export interface BuildOptions {
  /** For all of them together: what is not ready by then is given up. What Go has compiled so far, it keeps. */
  readonly boundMs: number;
  readonly say: (line: string) => void;
}

/** Builds what is not in the cache. Answers why it could not, or `undefined` when all of it is there. */
export async function buildPrograms({ boundMs, say }: BuildOptions): Promise<string | undefined> {
  const missing = programs.filter((program) => !isBuilt(program));
  if (missing.length === 0) return undefined;
  const go = goCommand();
  if (go === undefined) return `Go is not on this machine, and ${namesOf(missing)} not built yet`;
  const deadlineMs = Date.now() + boundMs;
  for (const program of missing) {
    const startedMs = Date.now();
    say(`building ${program.name} (${programs.indexOf(program) + 1} of ${programs.length}) …`);
    const failure = await build(go, program, deadlineMs - startedMs);
    if (failure !== undefined) return `${program.name}: ${failure}`;
    say(`built ${program.name} in ${Math.round((Date.now() - startedMs) / 1000)} s`);
  }
  return undefined;
}

const namesOf = (list: readonly Program[]): string =>
  `${list.map(({ name }) => name).join(', ')} ${list.length === 1 ? 'is' : 'are'}`;

/** Beside the cache until it is whole: nobody ever finds half of a program there. */
async function build(go: string, program: Program, boundMs: number): Promise<string | undefined> {
  const target = cacheFolder(program);
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(`${target}.`);
  try {
    const args = ['build', '-ldflags=-s -w', '-o', `${folder}/`, ...program.build];
    const failure = await ended(go, args, sourceFolder(program), boundMs);
    if (failure !== undefined) return failure;
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const maxOutputLength = 4_000;

/** Runs Go, at the lowest priority there is. Answers its last words where it fails. */
function ended(go: string, args: readonly string[], cwd: string, boundMs: number): Promise<string | undefined> {
  if (boundMs <= 0) return Promise.resolve('no time was left to build it');
  const env = { ...process.env, GOFLAGS: '-buildvcs=false -mod=readonly', GOTOOLCHAIN: 'local' };
  // a group of its own: Go's compilers end with it
  const child = spawn('nice', ['-n', '19', go, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-maxOutputLength)));
  return new Promise((resolve) => {
    const end = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
    const late = setTimeout(() => {
      end();
      resolve(`not built within ${Math.round(boundMs / 1000)} s; the next run goes on from there`);
    }, boundMs);
    // Ctrl-C does not reach a group of its own
    const interrupted = (signal: NodeJS.Signals) => {
      end();
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.once('exit', end).once('SIGINT', interrupted).once('SIGTERM', interrupted);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => {
      clearTimeout(late);
      process.off('exit', end).off('SIGINT', interrupted).off('SIGTERM', interrupted);
      resolve(code === 0 ? undefined : output.trim());
    });
  });
}
