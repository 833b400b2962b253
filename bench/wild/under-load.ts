import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Load } from './loads.ts';
import type { Program } from './programs.ts';
import { freePort, type Site } from './site.ts';

const requestsPerS = 60;
const restMs = 15_000;

export interface Descriptors {
  readonly files: number;
  readonly sockets: number;
}

export interface UnderLoad {
  /** Every tenth of the load, and after a rest without any. */
  readonly descriptors: readonly Descriptors[];
  /** What outlive said. */
  readonly said: string;
}

/** Starts a program, puts it under load, and counts its descriptors meanwhile. Linux only: it reads /proc. */
export async function underLoad(
  { args, load }: Program,
  { folder, modules, www }: Site,
  { seconds, upstream, preload }: { seconds: number; upstream: string; preload?: string },
): Promise<UnderLoad> {
  const port = await freePort();
  const own = args?.({ modules, www, port }) ?? [join(folder, 'server.cjs'), port, folder, upstream];
  const child = spawn(process.execPath, [...(preload === undefined ? [] : ['--import', preload]), ...own], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', OUTLIVE_SWEEP_INTERVAL_MS: '200' },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  try {
    const base = `http://127.0.0.1:${port}`;
    await answering(base);
    const descriptors: Descriptors[] = [descriptorsOf(child.pid)];
    for (let tenth = 0; tenth < 10; tenth++) {
      await drive(load(base), seconds * 100);
      descriptors.push(descriptorsOf(child.pid));
    }
    if (preload === undefined) {
      await delay(restMs);
      descriptors.push(descriptorsOf(child.pid));
    }
    return { descriptors, said };
  } finally {
    child.kill('SIGKILL');
  }
}

/** Acts at random times, whether those before have ended or not. */
async function drive(acts: ReturnType<Load>, forMs: number): Promise<void> {
  const total = acts.reduce((sum, [weight]) => sum + weight, 0);
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs) {
    let at = Math.random() * total;
    void acts.find(([weight]) => (at -= weight) < 0)?.[1]();
    await delay((-Math.log(1 - Math.random()) * 1000) / requestsPerS);
  }
}

async function answering(base: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return void (await fetch(base, { headers: { connection: 'close' } })).body?.cancel();
    } catch (error) {
      if (tries > 300) throw error;
      await delay(100);
    }
  }
}

function descriptorsOf(pid: number | undefined): Descriptors {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  const starting = (prefix: string): number => links.filter((link) => link.startsWith(prefix)).length;
  return { files: starting('/') - starting('/dev/'), sockets: starting('socket:') };
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return 'closed meanwhile';
  }
}
