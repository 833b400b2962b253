import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { running } from './telemetry/run.ts';

const example = fileURLToPath(new URL('../../examples/alerts/alerts.mjs', import.meta.url));

test('the example of alerts: the webhook and the function hear of the leak, and of its end', async () => {
  const { code, stdout, stderr } = await running([example]).ended;
  assert.equal(code, 0, stderr);
  const [leak = '', mended = ''] = stdout.split('now all sessions are closed');
  for (const who of ['webhook', 'onAlert']) {
    assert.match(leak, new RegExp(`^${who} +open .*unreleased_lease.*alerts\\.mjs`, 'm'));
    assert.match(mended, new RegExp(`^${who} +close .*resolved`, 'm'));
  }
  assert.match(mended, /\(0 open\)/);
});
