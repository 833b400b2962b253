// Puts what an app loads into a few files: each ESM file costs Node 0.3 ms of CPU, which `outlive/register` would add to
// the start of every app (docs/decisions/0011-start-up.md). Takes what tsc has put into dist; the declarations stay.
import { build } from 'esbuild';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');

const { dependencies } = JSON.parse(readFileSync(join(dist, '../package.json'), 'utf8'));
/** Of these only the functions that are used, in our own files: docs/decisions/0012-simple-statistics.md. */
const takenIn = ['simple-statistics'];

const integrations = existsSync(join(dist, 'integrations')) ? readdirSync(join(dist, 'integrations')) : [];

/** What is imported later. Each says that it needs what is early, as it always finds it there: so the latter is one file, not four. */
const later = /[\\/](?:sdk[\\/]judging|telemetry[\\/]telemetry|alerts[\\/]alerts)\.js$/;
const early = JSON.stringify(join(dist, 'src/sdk/begin.js'));
const earlyInOneFile = {
  name: 'early in one file',
  setup: ({ onLoad }) =>
    onLoad({ filter: later }, ({ path }) => ({
      contents: `import ${early};\n${readFileSync(path, 'utf8')}`,
      resolveDir: dirname(path),
    })),
};

rmSync(join(dist, 'src/chunks'), { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: dist,
  entryPoints: ['src/index.js', 'src/register.js', ...integrations.map((name) => `integrations/${name}/${name}.js`)],
  outbase: '.',
  outdir: '.',
  allowOverwrite: true,
  // one copy of what several entries share, and what is imported later in files of its own
  splitting: true,
  chunkNames: 'src/chunks/[name]-[hash]',
  bundle: true,
  // V8 keeps the text of what it runs: 0.3 MB of heap less, and the names in stacks stay
  minifyWhitespace: true,
  minifySyntax: true,
  external: Object.keys(dependencies).filter((name) => !takenIn.includes(name)),
  format: 'esm',
  platform: 'node',
  target: 'node22.15',
  plugins: [earlyInOneFile],
  logLevel: 'warning',
  metafile: true,
});

/** What V8 reads before every app's first line, 0.2 million instructions for each kB: more than that should be somebody's decision. */
const mostEarly = { files: 2, bytes: 160_000 };
const { outputs } = metafile;
const isStatic = ({ kind, external }) => kind === 'import-statement' && external !== true;
const loaded = new Set(['src/register.js']);
for (const file of loaded) for (const { path } of outputs[file].imports.filter(isStatic)) loaded.add(path);
const bytes = [...loaded].reduce((sum, file) => sum + outputs[file].bytes, 0);
if (loaded.size > mostEarly.files || bytes > mostEarly.bytes)
  throw new Error(`outlive/register loads ${loaded.size} files of ${bytes} bytes: docs/decisions/0011-start-up.md`);

for (const name of takenIn) copyFileSync(join(dist, '../node_modules', name, 'LICENSE'), join(dist, `LICENSE-${name}`));
