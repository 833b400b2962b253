import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { importsOf } from '../../architecture/imports.ts';

const src = join(import.meta.dirname, '../../../src');

/** The files that are loaded with a file, and what each of them imports of Node. */
function loadedWith(entry: string, loaded = new Map<string, string[]>()): Map<string, string[]> {
  if (loaded.has(entry)) return loaded;
  const imports = importsOf(readFileSync(join(src, entry), 'utf8')).filter(
    ({ typeOnly, dynamic }) => !typeOnly && !dynamic,
  );
  const specifiers = imports.map(({ specifier }) => specifier);
  loaded.set(
    entry,
    specifiers.filter((specifier) => specifier.startsWith('node:')),
  );
  for (const specifier of specifiers.filter((name) => name.startsWith('.')))
    loadedWith(join(entry, '..', specifier), loaded);
  return loaded;
}

const early = loadedWith('register.ts');
/** The words of findings, and where the app's trace is read. */
const vocabulary = ['detect/finding.ts', 'telemetry/active-trace.ts', 'telemetry/otel-registry.ts'];

test("early files: nothing that judges, tells or exports is loaded before the app's first line", () => {
  const late = [...early.keys()].filter((file) => /^(?:detect|report|telemetry|cli)\//.test(file));
  assert.deepEqual(late.toSorted(), vocabulary);
});

test("early files: of Node's modules, one is imported; the others are asked for", () => {
  const importing = [...early].filter(([, nodeModules]) => nodeModules.length > 0);
  assert.deepEqual(importing, [['runtime/builtins.ts', ['node:module']]]);
});
