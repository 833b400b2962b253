import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { attachedIntegration } from '../../../src/observe/attached-integration.ts';
import { defineIntegration } from '../../../src/observe/integration.ts';
import { engine, startedForEach } from '../sdk/started.ts';

/** What its library exports. */
class Runs {
  run(): void {}
}
interface Library {
  readonly Runs: typeof Runs;
}
const { run } = Runs.prototype;

const integration = defineIntegration<Library>({
  name: 'runs',
  versions: ['1', '2.4'],
  library: {
    rule: 'what runs exports',
    remedy: "E.g. import * as library from 'runs'.",
    is: (value) => (value as Library).Runs === Runs,
  },
  attach: (host) => host.beforeCall(Runs.prototype, 'run', () => {}),
});

test('an integration: the same for the same library, whoever hands it in', () => {
  const library = { Runs };
  assert.equal(integration(library), integration(library));
  assert.equal(integration(library).misfit, undefined);
});

test('an integration: what throws when it is looked at is not the library', () => {
  const hostile: Library = {
    get Runs(): typeof Runs {
      throw new Error('do not look');
    },
  };
  assert.deepEqual(integration(hostile).misfit, {
    rule: 'what runs exports',
    value: hostile,
    remedy: "E.g. import * as library from 'runs'.",
  });
});

describe('an integration, by the version of its library that the app has', () => {
  startedForEach();

  for (const [version, isKnown] of [
    ['1.0.0', true],
    ['1.20.3-beta.1', true],
    ['2.4.1', true],
    ['2.5.0', false],
    ['10.0.0', false],
    [undefined, true],
  ] as const) {
    test(`${version ?? 'none that is found'}: ${isKnown ? 'it attaches' : 'says so in one line and stays off'}`, () => {
      const app = appWith(version);
      const told: string[] = [];
      const { clock, home, observer, queues } = engine();
      const warn = (line: string): number => told.push(line);
      const attaching = { clock, home, observer, queues, warn, usedIn: app.file };
      const detach = attachedIntegration(integration({ Runs }), attaching);
      assert.equal(Runs.prototype.run !== run, isKnown);
      detach();
      assert.equal(Runs.prototype.run, run);
      const line = `the integration of runs stays off: it knows versions 1, 2.4, and ${version} is installed`;
      assert.deepEqual(told, isKnown ? [] : [line]);
      app[Symbol.dispose]();
    });
  }
});

/** An app with that version of the library in its `node_modules`. */
function appWith(version: string | undefined): { readonly file: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'outlive-integration-'));
  const installed = join(folder, 'node_modules/runs');
  mkdirSync(installed, { recursive: true });
  if (version !== undefined) writeFileSync(join(installed, 'package.json'), JSON.stringify({ version }));
  return {
    file: join(folder, 'src/app.mjs'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
