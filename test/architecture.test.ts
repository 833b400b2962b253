import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, test } from 'node:test';
import { importsOf } from './architecture/imports.ts';
import { packagesLoadedWith, type Sources, violationsOf } from './architecture/rules.ts';

const root = join(import.meta.dirname, '..');

const sourcesIn = (...folders: string[]): Sources =>
  new Map(
    folders
      .filter((folder) => existsSync(join(root, folder)))
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file))),
      )
      .filter((path) => /\.(ts|mjs)$/.test(path) && !path.includes('node_modules'))
      .map((path) => [path.replaceAll(sep, '/'), readFileSync(join(root, path), 'utf8')]),
  );

const violations = (files: Record<string, string>): string[] => violationsOf(new Map(Object.entries(files)));
const assertBreaks = (path: string, source: string, reason: RegExp): void => {
  const found = violations({ [path]: source });
  assert.equal(found.length, 1, `one violation expected, got ${JSON.stringify(found)}`);
  assert.match(found[0] ?? '', reason);
  assert.ok(found[0]?.startsWith(`${path}: `));
};
const assertKeeps = (path: string, source: string): void => assert.deepEqual(violations({ [path]: source }), []);

describe('the house stands', () => {
  const sources = sourcesIn('src', 'integrations', 'examples');

  test('the sources are there', () => assert.ok(sources.size > 20, `only ${sources.size} files were found`));

  test('src, integrations and examples break no rule', () => assert.deepEqual(violationsOf(sources), []));

  test('every relative import leads to a file', () => {
    const dangling = [...sources].flatMap(([path, source]) =>
      importsOf(source)
        .filter(({ specifier }) => specifier.startsWith('.') && !existsSync(join(root, path, '..', specifier)))
        .map(({ specifier }) => `${path}: ${specifier}`),
    );
    assert.deepEqual(dangling, []);
  });

  test("nothing but the OTel API is loaded before the app's first line", () => {
    assert.deepEqual(
      [...packagesLoadedWith(sources, 'src/register.ts')].filter((name) => name !== '@opentelemetry/api'),
      [],
    );
  });
});

describe('the rooms', () => {
  test('a room may import the rooms before it', () => {
    assertKeeps('src/observe/hook.ts', "import { Ledger } from '../lifetime/ledger.ts';\nimport fs from 'node:fs';");
    assertKeeps('src/detect/sweep.ts', "import { Ledger } from '../lifetime/ledger.ts';");
    assertKeeps('src/telemetry/events.ts', "import { logs } from '@opentelemetry/api-logs';");
    assertKeeps('src/report/text.ts', "import { severities } from '../detect/finding.ts';");
    assertKeeps('src/sdk/start.ts', "import { z } from 'zod';\nimport { exporter } from '../telemetry/exporter.ts';");
    assertKeeps('src/cli/doctor.ts', "import { start } from '../sdk/start.ts';");
  });

  test('no room imports one that comes after it', () => {
    assertBreaks(
      'src/runtime/clock.ts',
      "import { Ledger } from '../lifetime/ledger.ts';",
      /runtime may not import lifetime/,
    );
    assertBreaks(
      'src/lifetime/ledger.ts',
      "import type { Finding } from '../detect/finding.ts';",
      /lifetime may not import detect/,
    );
    assertBreaks('src/detect/sweep.ts', "import { now } from '../runtime/clock.ts';", /detect may not import runtime/);
    assertBreaks(
      'src/observe/hook.ts',
      "export { judge } from '../detect/outlived.ts';",
      /observe may not import detect/,
    );
    assertBreaks(
      'src/telemetry/events.ts',
      "import { Hook } from '../observe/hook.ts';",
      /telemetry may not import observe/,
    );
    assertBreaks(
      'src/report/text.ts',
      "const x = await import('../telemetry/names.ts');",
      /report may not import telemetry/,
    );
    assertBreaks('src/sdk/start.ts', "import { doctor } from '../cli/doctor.ts';", /sdk may not import cli/);
    assertBreaks('src/cli/doctor.ts', "import { Ledger } from '../lifetime/ledger.ts';", /cli may not import lifetime/);
    assertBreaks(
      'src/register.ts',
      "import { Ledger } from './lifetime/ledger.ts';",
      /entry may import only types of lifetime/,
    );
  });

  test("lifetime knows the runtime's types and no Node", () => {
    assertKeeps('src/lifetime/ledger.ts', "import type { Clock } from '../runtime/clock.ts';");
    assertKeeps('src/lifetime/ledger.ts', "import { type Clock, type Wall } from '../runtime/clock.ts';");
    assertBreaks(
      'src/lifetime/ledger.ts',
      "import { type Clock, now } from '../runtime/clock.ts';",
      /only types of runtime/,
    );
    assertBreaks('src/lifetime/ledger.ts', "import 'node:fs';", /knows no Node/);
  });

  test('OTel, zod, cls-hooked and simple-statistics each have one room', () => {
    assertBreaks(
      'src/sdk/start.ts',
      "import type { Meter } from '@opentelemetry/api';",
      /sdk may not import the package '@opentelemetry/,
    );
    assertBreaks(
      'src/observe/hook.ts',
      "import { context } from '@opentelemetry/api';",
      /observe may not import the package/,
    );
    assertBreaks('src/telemetry/events.ts', "import * as z from 'zod';", /telemetry may not import the package 'zod'/);
    assertBreaks(
      'src/lifetime/scope.ts',
      "import cls from 'cls-hooked';",
      /lifetime may not import the package 'cls-hooked'/,
    );
    assertBreaks(
      'src/report/memory.ts',
      "import { median } from 'simple-statistics';",
      /report may not import the package 'simple-statistics'/,
    );
    assertBreaks(
      'src/runtime/clock.ts',
      "const fastify = require('fastify');",
      /runtime may not import the package 'fastify'/,
    );
  });

  test('a folder that is no room is refused, and so is a way out of src', () => {
    assertBreaks('src/plumbing/pipe.ts', "import './tap.ts';", /src\/plumbing is no room/);
    assertBreaks(
      'src/sdk/start.ts',
      "import { pg } from '../../integrations/pg/pg.ts';",
      /src may not import 'integrations/,
    );
  });

  test('files of src in a circle are refused, unless a part of it is a type or loaded later', () => {
    const [first, ...rest] = violations({
      'src/sdk/a.ts': "import './b.ts';",
      'src/sdk/b.ts': "import { c } from './c.ts';",
      'src/sdk/c.ts': "import './a.ts';",
    });
    assert.match(
      first ?? '',
      /cycle of imports: src\/sdk\/a\.ts → src\/sdk\/b\.ts → src\/sdk\/c\.ts → src\/sdk\/a\.ts/,
    );
    assert.deepEqual(rest, []);
    const backBy = (source: string): string[] =>
      violations({ 'src/sdk/a.ts': "import './b.ts';", 'src/sdk/b.ts': source });
    assert.deepEqual(backBy("await import('./a.ts');"), []);
    assert.deepEqual(backBy("import type { A } from './a.ts';"), []);
    assert.equal(backBy("export { a } from './a.ts';").length, 1);
  });
});

describe('integrations and examples', () => {
  test("an integration imports the author's contract and the types of its library", () => {
    assertKeeps(
      'integrations/pg/pg.ts',
      "import type { Pool } from 'pg';\nimport { defineIntegration } from '../../src/observe/integration.ts';",
    );
    assertKeeps('integrations/pg/pg.test.ts', "import { Pool } from 'pg';\nimport { start } from 'outlive';");
    assertBreaks('integrations/pg/pg.ts', "import { Pool } from 'pg';", /by import type only/);
    assertBreaks('integrations/pg/pg.ts', "import { redis } from '../redis/redis.ts';", /may not import another/);
    assertBreaks(
      'integrations/pg/pg.ts',
      "import { Ledger } from '../../src/lifetime/ledger.ts';",
      /and nothing else of ours/,
    );
  });

  test('an example stands outside: packages by name, its own files, nothing of src', () => {
    assertKeeps(
      'examples/llm-gateway/app.mjs',
      "import { watchQueue } from 'outlive';\nimport './billing/worker.mjs';",
    );
    assertBreaks(
      'examples/llm-gateway/app.mjs',
      "import { start } from '../../src/index.ts';",
      /imports packages by name/,
    );
    assertBreaks(
      'examples/llm-gateway/app.mjs',
      "import { start } from '../../dist/src/index.js';",
      /imports packages by name/,
    );
    assertBreaks(
      'examples/llm-gateway/app.mjs',
      "import { load } from '../other/load.mjs';",
      /imports packages by name/,
    );
  });
});

describe('files', () => {
  test('names say something and are kebab-case', () => {
    for (const name of ['utils', 'helpers', 'common', 'types', 'misc', 'util']) {
      assertBreaks(`src/sdk/${name}.ts`, 'export const a = 1;', /says nothing/);
    }
    assertBreaks('src/runtime/common/clock.ts', '', /'common' says nothing/);
    assertBreaks('src/sdk/configTable.ts', '', /not kebab-case/);
    assertKeeps('src/lifetime/tracked-type.ts', '');
  });

  test('no default export in src', () => {
    assertBreaks('src/sdk/start.ts', 'export default function start() {}', /default export/);
    assertBreaks('src/sdk/start.ts', "export { start as default } from './begin.ts';", /default export/);
    assertBreaks('src/sdk/start.ts', 'const start = 1;\nexport { start as default };', /default export/);
    assertKeeps('src/sdk/start.ts', '// export default start\nexport const text = "export default";');
  });

  test('at most 400 lines', () => {
    assertKeeps('src/sdk/start.ts', 'export const a = 1;\n'.repeat(400));
    assertBreaks('src/sdk/start.ts', 'export const a = 1;\n'.repeat(401), /401 lines, more than 400/);
  });
});

describe('what counts as an import', () => {
  test('every form is seen', () => {
    const source = [
      "import a from './a.ts';",
      "import b, { c } from './b.ts';",
      "import {\n  d,\n  type E,\n} from './d.ts';",
      "import * as f from './f.ts';",
      "import './g.ts';",
      "import type { H } from './h.ts';",
      "import { type I } from './i.ts';",
      "export * from './j.ts';",
      "export * as k from './k.ts';",
      "export type { L } from './l.ts';",
      "const m = await import('./m.ts');",
      "const n = require('./n.cjs');",
    ].join('\n');
    const seen = importsOf(source).map(
      ({ specifier, typeOnly, dynamic }) => `${specifier}${typeOnly ? ' type' : ''}${dynamic ? ' later' : ''}`,
    );
    assert.deepEqual(seen, [
      './a.ts',
      './b.ts',
      './d.ts',
      './f.ts',
      './g.ts',
      './h.ts type',
      './i.ts type',
      './j.ts',
      './k.ts',
      './l.ts type',
      './m.ts later',
      './n.cjs later',
    ]);
  });

  test('comments, strings and templates are not', () => {
    const source = [
      "// import a from './a.ts';",
      "/** @example\n * import { start } from 'outlive';\n */",
      'const text = "import b from \'./b.ts\'";',
      "const code = `import c from './c.ts'`;",
      "host.import('./d.ts');",
    ].join('\n');
    assert.deepEqual(importsOf(source), []);
  });

  test('what a file loads is followed through its own files, but not past types and dynamic imports', () => {
    const sources = new Map([
      ['src/register.ts', "import './sdk/start.ts';"],
      [
        'src/sdk/start.ts',
        "import { api } from '@opentelemetry/api';\nimport type { Z } from 'zod';\nconst later = () => import('./late.ts');",
      ],
      ['src/sdk/late.ts', "import 'zod';"],
    ]);
    assert.deepEqual([...packagesLoadedWith(sources, 'src/register.ts')], ['@opentelemetry/api']);
  });
});
