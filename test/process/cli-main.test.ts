import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const outlive = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

describe('npx outlive', () => {
  it('helps', () => {
    const { status, stdout } = outlive('--help');
    assert.equal(status, 0);
    assert.match(stdout, /npx outlive doctor/);
  });

  it('helps with a command', () => {
    const { status, stdout } = outlive('doctor', '--help');
    assert.equal(status, 0);
    assert.match(stdout, /^npx outlive doctor \[--json\]/);
  });

  it('says its version', () => {
    const { version } = createRequire(import.meta.url)('outlive/package.json') as { version: string };
    assert.equal(outlive('--version').stdout, `${version}\n`);
  });

  for (const [args, message] of [
    [[], /^No command given\./],
    [['docter'], /^Unknown command `docter`\. Did you mean `npx outlive doctor`\?\n$/],
    [['fly'], /^Unknown command `fly`\. `npx outlive --help` lists them all\.\n$/],
    [['doctor', '--fast'], /--fast[^]*npx outlive doctor \[--json\]/],
    [['doctor', '--timeout', 'soon'], /number of seconds/],
  ] as const) {
    it(`answers \`${['outlive', ...args].join(' ')}\` with exit code 2 and what is wrong`, () => {
      const { status, stdout, stderr } = outlive(...args);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    });
  }
});
