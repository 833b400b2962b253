import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isAtLeast, oldestNode } from '../../../src/sdk/node-version.ts';

test('node version: the oldest is what package.json says', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    engines: { node: string };
  };
  assert.equal(engines.node, `>=${oldestNode}`);
});

for (const [version, expected] of [
  ['18.20.8', false],
  ['20.20.2', false],
  ['22.14.9', false],
  ['22.15.0', true],
  ['22.15.0-nightly', true],
  ['24.0.0', true],
] as const) {
  test(`node version: ${version} is ${expected ? 'enough' : 'too old'}`, () => {
    assert.equal(isAtLeast(version, oldestNode), expected);
  });
}
