import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An install takes no longer; a lock that is older was left by a run that was killed. */
const staleMs = 240_000;

/** The folder of an app of `test/fixtures`, its dependencies installed by its own lockfile if they are not yet. */
export function fixture(name: string): string {
  const dir = join(import.meta.dirname, '../../fixtures', name);
  const stamp = join(dir, 'node_modules/.fixture-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(dir, 'package-lock.json')))
    .digest('hex');
  const isInstalled = (): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
  if (isInstalled()) return dir;
  alone(join(dir, '.installing'), () => {
    if (isInstalled()) return;
    install(name, dir);
    writeFileSync(stamp, lock);
  });
  return dir;
}

function install(name: string, dir: string): void {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, stderr } = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: dir,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm ci in test/fixtures/${name} failed: ${stderr}`);
}

/** Test files run side by side, each in a process of its own: one of them installs, the others wait. */
function alone(folder: string, work: () => void): void {
  while (!taken(folder)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  try {
    work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function taken(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    const sinceMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (sinceMs > 0 && Date.now() - sinceMs > staleMs) rmSync(folder, { recursive: true, force: true });
    return false;
  }
}
