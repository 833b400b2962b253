import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite, test } from 'node:test';

const run = promisify(execFile);
const script = fileURLToPath(new URL('hooks-behaviour/run.ts', import.meta.url));

async function seenBy(...args: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args]);
  return JSON.parse(stdout);
}

suite('an app behaves the same with a hook and without', () => {
  for (const name of ['generators', 'web streams', 'files']) {
    test(name, async () => {
      const [bare, hooked] = await Promise.all([seenBy(name, 'bare'), seenBy(name, 'hooked')]);
      assert.ok(Array.isArray(bare) && bare.length > 5);
      assert.deepEqual(hooked, bare);
    });
  }
});
