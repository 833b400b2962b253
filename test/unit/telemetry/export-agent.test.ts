import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { exportAgent } from '../../../src/telemetry/export-agent.ts';

test('the certificates of the environment are used, a signal’s own before the common ones', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'outlive-agent-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const file = (name: string): string => {
    const path = join(dir, name);
    writeFileSync(path, name);
    return path;
  };
  const env = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: file('common-ca'),
    OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE: file('logs-ca'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: file('key'),
  };
  const optionsFor = (signal: 'METRICS' | 'LOGS') => {
    const agent = exportAgent('https:', signal, env);
    assert.ok(agent instanceof https.Agent);
    const { ca, key, cert } = agent.options;
    return [ca, key, cert].map((certificate) => (Buffer.isBuffer(certificate) ? certificate.toString() : certificate));
  };
  assert.deepEqual(optionsFor('LOGS'), ['logs-ca', 'key', undefined]);
  assert.deepEqual(optionsFor('METRICS'), ['common-ca', 'key', undefined]);
});

test('a certificate that is not there fails the export and is told, it is not passed over', () => {
  const env = { OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem' };
  assert.throws(() => exportAgent('https:', 'LOGS', env), { code: 'ENOENT' });
  assert.doesNotThrow(() => exportAgent('http:', 'LOGS', env));
});
