// Makes a fresh clone ready: installs what package-lock.json says and builds dist, each only when it is out of date.
// Runs on whatever Node the machine has; what it installs brings the pinned one.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules/.outlive-setup.json');

const run = (command, args) => {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    console.error(
      `setup: \`${command} ${args.join(' ')}\` failed${error ? `: ${error.message}` : ` with exit code ${status}`}`,
    );
    process.exit(1);
  }
};
const hashOf = (...files) =>
  createHash('sha256')
    .update(files.map((f) => readFileSync(join(root, f))).join('\0'))
    .digest('hex');
const newestMs = (dir) =>
  readdirSync(join(root, dir), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((newest, entry) => Math.max(newest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs), 0);

const known = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : {};
const lock = hashOf('package-lock.json', 'package.json');
if (known.lock !== lock) {
  console.error('setup: installing dependencies …');
  // Not `npm ci`: it refuses a lockfile without the bindings of other platforms, which not every registry has. The
  // versions are those of the lockfile all the same, and what is there already stays.
  run('npm', ['install', '--no-save', '--loglevel=error', '--no-audit', '--no-fund']);
  mkdirSync(dirname(stamp), { recursive: true });
}
const sources = Math.max(
  newestMs('src'),
  newestMs('integrations'),
  ...['tsconfig.build.json', '.ci/bundle.mjs'].map((file) => statSync(join(root, file)).mtimeMs),
);
if (known.lock !== lock || known.sources !== sources || !existsSync(join(root, 'dist/src/register.js'))) {
  console.error('setup: building dist …');
  run(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json']);
  run(process.execPath, [join(root, '.ci/bundle.mjs')]);
}
writeFileSync(stamp, JSON.stringify({ lock, sources }));
