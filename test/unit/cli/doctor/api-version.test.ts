import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { apiVersionCheck } from '../../../../src/cli/doctor/api-version.ts';

const installed = new URL('../../../../node_modules/@opentelemetry/api/package.json', import.meta.url);
const { version: ours } = JSON.parse(readFileSync(installed, 'utf8')) as { version: string };
let app = '';

beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'outlive-api-'));
});
afterEach(() => rmSync(app, { recursive: true }));

const checkWith = (version: string) => {
  const folder = join(app, 'node_modules/@opentelemetry/api');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
  return apiVersionCheck(app);
};

describe('doctor: OpenTelemetry API', () => {
  it('is well where app and outlive share one copy', () => {
    const root = fileURLToPath(new URL('../../../..', import.meta.url));
    assert.equal(apiVersionCheck(root).status, 'ok');
  });

  it('fails where the copy of the app is older: its provider would be invisible', () => {
    const { status, seen, remedy } = checkWith('1.9.0');
    assert.equal(status, 'failed');
    assert.equal(seen, `two copies: 1.9.0 for the app, ${ours} for outlive`);
    assert.match(String(remedy), /npm ls @opentelemetry\/api/);
  });

  it('warns of two copies of one version', () => {
    assert.equal(checkWith(ours).status, 'warning');
  });
});
