// `npm run test:backend`: what outlive exports, asked of a real Collector, Prometheus, Alertmanager and Loki.
//   --within <minutes>   how long their build may take where they are not in the cache (60)
//   --optional           where they cannot be had, say so and pass: for CI on a machine without Go
//   anything else        a part of a test file's name
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPrograms } from '../test/backend/build.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../test/backend');
/** A hang guard, as in test.mjs: one file runs the gateway through a whole day of its hurried clock. */
const fileTimeoutMs = 600_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { within: { type: 'string', default: '60' }, optional: { type: 'boolean', default: false } },
});

const why = await buildPrograms({
  boundMs: Number(values.within) * 60_000,
  say: (line) => console.error(`backend: ${line}`),
});
if (why === undefined) runTests();
else {
  console.error(`\nbackend: NOT RUN, nothing below was shown against real backends.\nbackend: ${why}\n`);
  process.exitCode = values.optional ? 0 : 1;
}

function runTests() {
  const files = readdirSync(folder)
    .filter(
      (file) =>
        file.endsWith('.test.ts') && (positionals.length === 0 || positionals.some((part) => file.includes(part))),
    )
    .map((file) => join(folder, file));
  run({ files, concurrency: 1, timeout: fileTimeoutMs, execArgv: ['--expose-gc'] })
    .on('test:fail', () => (process.exitCode = 1))
    .compose(spec())
    .pipe(process.stdout);
}
