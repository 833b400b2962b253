import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { running } from './telemetry/run.ts';

const example = fileURLToPath(new URL('../../examples/connections/connections.mjs', import.meta.url));

test('the example of connections: clients made anew and sockets never used again are told as info, then are over', async () => {
  const { code, stdout, stderr } = await running([example]).ended;
  assert.equal(code, 0, stderr);
  const [costly = '', mended = ''] = stdout.split('now one client serves');
  for (const type of ['client_churn', 'client_sockets']) {
    assert.match(costly, new RegExp(`^raised: ${type}, info`, 'm'));
    assert.match(mended, new RegExp(`^resolved: ${type}, info`, 'm'));
  }
});
