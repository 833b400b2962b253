import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { sourceMapCheck } from '../../../../src/cli/doctor/source-maps.ts';

const map = JSON.stringify({ version: 3, sources: ['../src/app.ts'], names: [], mappings: 'AAAA' });
let app = '';

beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'outlive-maps-'));
});
afterEach(() => rmSync(app, { recursive: true }));

const checkOf = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), text);
  }
  return sourceMapCheck(app);
};

describe('doctor: source maps', () => {
  it('are not needed by what runs as written', () => {
    assert.equal(checkOf({ 'package.json': '{ "main": "app.js" }', 'app.js': '' }).status, 'ok');
    assert.equal(checkOf({ 'package.json': '{ "scripts": { "start": "node --watch src/app.ts" } }' }).status, 'ok');
  });

  it('are missed where TypeScript was built without', () => {
    const { status, remedy } = checkOf({
      'package.json': '{ "main": "dist/app.js" }',
      'dist/app.js': '',
      'tsconfig.json': '{ "compilerOptions": { /* of the build */ "outDir": "./dist" } }',
    });
    assert.equal(status, 'warning');
    assert.match(String(remedy), /"sourceMap": true/);
  });

  it('are found beside the build and inside it', () => {
    const start = '{ "scripts": { "start": "node --enable-source-maps dist/app.js" } }';
    const beside = {
      'package.json': start,
      'dist/app.js': '1;\n//# sourceMappingURL=app.js.map\n',
      'dist/app.js.map': map,
    };
    assert.equal(checkOf(beside).seen, 'dist/app.js has one (1 sources)');
    const inline = `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${btoa(map)}`;
    assert.equal(checkOf({ 'dist/app.js': inline }).seen, 'dist/app.js has one (1 sources)');
  });

  it('are missed where the build names one that was not shipped', () => {
    const files = { 'package.json': '{ "main": "app.js" }', 'app.js': '//# sourceMappingURL=gone.map' };
    assert.equal(checkOf(files).status, 'warning');
  });

  it('cannot be told where there is no package.json', () => {
    assert.equal(checkOf({}).status, 'skipped');
  });
});
