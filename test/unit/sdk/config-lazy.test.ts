import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import { it } from 'node:test';
import { checkOptions } from '../../../src/sdk/config-options.ts';
import { resolvedConfig } from '../../../src/sdk/config.ts';
import type { Options } from '../../../src/sdk/config-table.ts';

let zodIsLoaded = false;
subscribe('tracing:module.require:start', (message) => {
  zodIsLoaded ||= (message as { readonly id: string }).id.startsWith('zod');
});

const resolve = (options: Options = {}) => {
  checkOptions(options);
  resolvedConfig({ options, env: { OUTLIVE_MAX_OPEN: '2000', OUTLIVE_TIER: 'x' }, folder: '.', warn: () => {} });
};

it('zod is loaded for options of start() that are wrong, and for nothing else', () => {
  resolve();
  resolve({ maxFindings: 1, hooks: ['-timers'], stderr: undefined });
  assert.equal(zodIsLoaded, false);
  assert.throws(() => resolve({ maxFindings: -1 }));
  assert.equal(zodIsLoaded, true);
});
