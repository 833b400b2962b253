// The test suite on the Node that runs this file: `npm test`, `npm test -- test/unit/detect`, `npm test -- --name outlived`.
// An argument is a part of a test file's path; `--name` takes a regular expression that test names must match.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** A hang guard, not a budget: the slowest test files take a sixth of it. */
const fileTimeoutMs = 240_000;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { name: { type: 'string' } } });

const giveUp = (reason) => {
  console.error(`test: ${reason}`);
  process.exit(1);
};

const testFiles = ['test', 'integrations']
  .flatMap((dir) =>
    readdirSync(join(root, dir), { recursive: true }).map((file) => join(dir, file).replaceAll(sep, '/')),
  )
  // what needs a Collector and a Prometheus has a run of its own: `npm run test:backend`
  .filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/backend/'))
  .toSorted((a, b) => a.localeCompare(b));
const wanted = positionals.map((path) => relative(root, join(root, path)).replaceAll(sep, '/'));
const files = wanted.length === 0 ? testFiles : testFiles.filter((file) => wanted.some((part) => file.includes(part)));
if (files.length === 0)
  giveUp(`no test file matches ${wanted.join(' ') || 'test/**/*.test.ts'} (there are ${testFiles.length})`);

let executed = 0;
/** Node reports a file without a matching test as one passed test that is named after the file. */
const count = ({ name }) => {
  if (!files.includes(name) && !files.includes(relative(root, name))) executed += 1;
};
/** Programs under load with verdicts within so many seconds: they have the machine to themselves. */
const runsAlone = /^test\/process\/(example-demo|heap-growth|memory-leak)\.test\.ts$/;

/** Runs some files, so many at a time, and prints what comes of them. */
const runFiles = (some, concurrency) =>
  new Promise((resolve) => {
    if (some.length === 0) {
      resolve();
      return;
    }
    const stream = run({
      files: some.map((file) => join(root, file)),
      cwd: root,
      concurrency,
      timeout: fileTimeoutMs,
      execArgv: ['--expose-gc'],
      ...(values.name === undefined ? {} : { testNamePatterns: [new RegExp(values.name)] }),
    })
      .on('test:pass', count)
      .on('test:fail', (event) => {
        count(event);
        if (event.todo === undefined || event.todo === false) process.exitCode = 1;
      })
      .on('end', resolve);
    stream.compose(spec()).pipe(process.stdout, { end: false });
  });

await runFiles(
  files.filter((file) => !runsAlone.test(file)),
  availableParallelism(),
);
await runFiles(
  files.filter((file) => runsAlone.test(file)),
  1,
);
if (executed === 0) {
  console.error(
    `test: no test ran in ${files.length} file(s)${values.name ? ` with a name like /${values.name}/` : ''}`,
  );
  process.exitCode = 1;
}
