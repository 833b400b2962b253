import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readConfigFile } from '../../../src/sdk/config-file.ts';

let folder = '';
let warnings: string[] = [];
const read = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return readConfigFile(folder, (line) => warnings.push(line));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outlive-config-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('config file', () => {
  it('is not needed', () => {
    assert.equal(read({}), undefined);
    assert.deepEqual(warnings, []);
  });

  it('may be JSON', () => {
    const file = read({ 'outlive.config.json': '{ "$schema": "x", "maxOpen": 2000, "hooks": ["-timers"] }' });
    assert.deepEqual(file, { name: 'outlive.config.json', options: { maxOpen: 2000, hooks: ['-timers'] } });
    assert.deepEqual(warnings, []);
  });

  it('may be a module', () => {
    const file = read({ 'outlive.config.mjs': 'const n = 1000;\nexport default { maxOpen: 2 * n };' });
    assert.deepEqual(file?.options, { maxOpen: 2000 });
  });

  it('may be TypeScript', () => {
    const file = read({ 'outlive.config.ts': 'const maxOpen: number = 2000;\nexport default { maxOpen };' });
    assert.deepEqual(file?.options, { maxOpen: 2000 });
  });

  it('is one: the first of several is read and the others are named', () => {
    const file = read({ 'outlive.config.json': '{}', 'outlive.config.mjs': 'export default 1' });
    assert.equal(file?.name, 'outlive.config.json');
    assert.deepEqual(warnings, ['outlive.config.json is read, outlive.config.mjs beside it is not']);
  });

  it('loses a bad option and keeps the good ones', () => {
    const file = read({ 'outlive.config.json': '{ "maxOpen": "many", "stderr": "off", "max": 1, "maxFinding": 1 }' });
    assert.deepEqual(file?.options, { stderr: 'off' });
    assert.deepEqual(warnings, [
      'outlive.config.json: maxOpen: expected an integer from 1000 to 10000000, got `many` (string); it is ignored',
      'outlive.config.json: unknown option `max`. It is ignored.',
      'outlive.config.json: unknown option `maxFinding`. Did you mean `maxFindings`?',
    ]);
  });

  for (const [name, text, reason] of [
    ['outlive.config.json', '{', 'cannot be loaded'],
    ['outlive.config.json', '[]', 'expected an object'],
    ['outlive.config.mjs', 'throw new Error("no such host")', 'cannot be loaded: no such host'],
    ['outlive.config.mjs', 'await 1; export default {}', 'top-level `await`'],
    ['outlive.config.mjs', 'export const maxOpen = 2000', 'expected its default export to be an object'],
    ['outlive.config.ts', 'enum A { B }\nexport default {}', 'cannot be loaded'],
  ] as const) {
    it(`stops nobody with ${JSON.stringify(text)}: ${reason}`, () => {
      assert.deepEqual(read({ [name]: text })?.options ?? {}, {});
      assert.equal(warnings.length, 1);
      assert.ok(warnings[0]?.includes(reason), warnings[0]);
      assert.doesNotMatch(String(warnings), /\n/);
    });
  }
});
