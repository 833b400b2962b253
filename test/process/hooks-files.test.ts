import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Suspicion } from '../../src/detect/finding.ts';

const script = fileURLToPath(new URL('hooks-behaviour/dropped-files.ts', import.meta.url));

test('files: a handle collected while its descriptor was open is a certain finding at its line', async () => {
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [suspicion] = JSON.parse(stdout) as Suspicion[];
  assert.equal(suspicion?.type, 'unclosed_handle');
  assert.equal(suspicion?.certainty, 'certain');
  assert.equal(suspicion?.site?.frame.file, script);
  assert.ok((suspicion?.count ?? 0) >= 7);
});
