import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of an app of `test/fixtures`, its dependencies installed by its own lockfile if they are not yet. */
export function fixture(name: string): string {
  const dir = join(import.meta.dirname, '../../fixtures', name);
  const stamp = join(dir, 'node_modules/.fixture-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(dir, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return dir;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, stderr } = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: dir,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm ci in test/fixtures/${name} failed: ${stderr}`);
  writeFileSync(stamp, lock);
  return dir;
}
