import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

/** The public API: what `import { … } from 'outlive'` gives at run time. A change here is a changelog entry. */
const publicNames = [
  'Outlive',
  'OutliveError',
  'adopt',
  'defineIntegration',
  'findings',
  'flush',
  'onAlert',
  'onFinding',
  'onPressure',
  'scope',
  'shutdown',
  'snapshot',
  'start',
  'task',
  'touch',
  'track',
  'trackGenerator',
  'use',
  'watchCollection',
  'watchQueue',
];

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

const root = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const there = (path: string): boolean => existsSync(join(root, path));

describe('what the package exports', () => {
  for (const [key, target] of Object.entries(manifest.exports)) {
    test(`"${key}" leads to a built file with its types`, () => {
      const targets = typeof target === 'string' ? [target] : [target.types, target.default];
      assert.deepEqual(
        targets.filter((path) => !there(path)),
        [],
        'missing: run `npm run build`',
      );
      if (typeof target !== 'string') {
        assert.deepEqual(
          Object.keys(target),
          ['types', 'default'],
          'types come first, or TypeScript does not see them',
        );
        assert.equal(target.types, target.default.replace(/\.js$/, '.d.ts'));
      }
    });
  }

  test('every integration has its own entry', () => {
    const folders = readdirSync(join(root, 'integrations'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    assert.deepEqual(
      folders.map(({ name }) => `./${name}`).filter((key) => !(key in manifest.exports)),
      [],
    );
  });

  test('the command is a built file that starts with a shebang', () => {
    for (const path of Object.values(manifest.bin))
      assert.match(readFileSync(join(root, path), 'utf8'), /^#!\/usr\/bin\/env node\n/);
  });

  test('the names of "outlive" are these and no others, and there is no default export', async () => {
    const outlive = (await import(import.meta.resolve('outlive'))) as object;
    assert.deepEqual(new Set(Object.keys(outlive)), new Set(publicNames));
  });
});
