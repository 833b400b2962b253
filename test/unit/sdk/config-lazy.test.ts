import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { it } from 'node:test';
import { resolvedConfig } from '../../../src/sdk/config.ts';
import type { Options } from '../../../src/sdk/config-table.ts';

const zodIsLoaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/zod/'));

const resolve = (options?: Options) =>
  resolvedConfig({ options, env: { OUTLIVE_MAX_OPEN: '2000', OUTLIVE_TIER: 'x' }, folder: '.', warn: () => {} });

it('zod is not loaded for the environment, the config file or a start() without options', () => {
  resolve();
  resolve({});
  assert.equal(zodIsLoaded(), false);
  resolve({ maxFindings: 1 });
  assert.equal(zodIsLoaded(), true);
});
