import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeVersionCheck } from '../../../../src/cli/doctor/node-version.ts';

describe('doctor: Node.js', () => {
  for (const [version, status] of [
    ['22.15.0', 'ok'],
    ['22.14.1', 'failed'],
    ['24.0.0', 'ok'],
    ['20.19.5', 'failed'],
    ['26.1.0-nightly', 'ok'],
  ] as const) {
    it(`${version} is ${status} where 22.15 is needed`, () => {
      assert.equal(nodeVersionCheck(version, '>=22.15').status, status);
    });
  }
});
