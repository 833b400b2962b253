import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnFile, ownFolders } from '../../../src/runtime/own-code.ts';

for (const [file, folders] of [
  ['/app/node_modules/outlive/dist/src/runtime/own-code.js', '/app/node_modules/outlive/dist'],
  ['/app/node_modules/outlive/dist/src/chunks/chunk-X7Q2.js', '/app/node_modules/outlive/dist'],
  ['C:/code/src/outlive/src/runtime/own-code.ts', 'C:/code/src/outlive'],
] as const) {
  test(`own code: it lies in ${folders} by ${file}`, () => {
    assert.deepEqual(ownFolders(file), [`${folders}/src/`, `${folders}/integrations/`]);
  });
}

test('own code: bundled into an app it cannot be told apart', () => {
  assert.deepEqual(ownFolders('/app/dist/server.js'), []);
});

test('own code: a test is no part of it', () => {
  assert.equal(isOwnFile(import.meta.filename), false);
  assert.equal(isOwnFile(import.meta.filename.replace('/test/unit/', '/src/')), true);
});
