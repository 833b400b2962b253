import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Check } from '../../src/cli/doctor/check.ts';
import { OtlpReceiver } from '../../src/cli/doctor/otlp-receiver.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
let app = '';
let collector: OtlpReceiver;

before(async () => {
  app = mkdtempSync(join(tmpdir(), 'outlive-app-'));
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(app, 'node_modules'));
  collector = await OtlpReceiver.listening();
});
after(() => {
  collector.close();
  rmSync(app, { recursive: true });
});

interface Run {
  readonly status: number;
  readonly stdout: string;
}

const doctor = (env: Record<string, string>, ...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    const options = { cwd: app, env: { ...process.env, ...env } };
    execFile(process.execPath, [main, 'doctor', ...args], options, (error, stdout) =>
      resolve({ status: Number(error?.code ?? 0), stdout }),
    );
  });

const checksOf = ({ stdout }: Run): Map<string, Check> =>
  new Map((JSON.parse(stdout) as Check[]).map((check) => [check.title, check]));

describe('npx outlive doctor', () => {
  it('gets the planted leak back at its line, and shows what outlive says in the app of the user', async () => {
    writeFileSync(join(app, 'app.mjs'), 'console.log(1);');
    const command = ['--', process.execPath, 'app.mjs'];
    const run = await doctor({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, '--json', ...command);
    const checks = checksOf(run);
    const bad = [...checks.values()].filter(({ status }) => status !== 'ok' && status !== 'skipped');
    assert.deepEqual(bad, []);
    assert.match(checks.get('Canary leak')?.seen ?? '', /^came back after .* s: unreleased_stream at canary\.mjs:\d+$/);
    assert.match(checks.get('Metrics')?.seen ?? '', /^[1-9]/);
    assert.notEqual(checks.get('Your app')?.seen, undefined);
    assert.equal(run.status, 0);
  });

  it('fails with exit code 1 where a leak does not come back in time', async () => {
    const run = await doctor({ OTEL_SDK_DISABLED: 'true' }, '--json', '--timeout', '0.1');
    assert.equal(checksOf(run).get('Canary leak')?.status, 'failed');
    assert.equal(run.status, 1);
  });

  it('prints a line for each check and ends with the verdict', async () => {
    const { stdout } = await doctor({ OTEL_SDK_DISABLED: 'true', NO_COLOR: '1' }, '--timeout', '0.1');
    assert.match(stdout, /^outlive doctor \d/);
    assert.match(stdout, / {2}✓ Node\.js/);
    assert.match(stdout, /\nNot ready: \d of \d checks failed\.\n$/);
  });
});
