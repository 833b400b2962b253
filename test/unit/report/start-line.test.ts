import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type StartFacts, startLine } from '../../../src/report/start-line.ts';

const facts: StartFacts = {
  version: '0.1.0',
  tier: 'production',
  hooks: ['http', 'streams'],
  hooksOff: [],
  context: 'async-local-storage',
  metrics: 'own',
  findings: 'own',
  endpoint: 'http://127.0.0.1:4318',
  sweepIntervalMs: 10_000,
};

test('one line says what is attached, where it goes and when verdicts begin', () => {
  assert.equal(
    startLine(facts),
    'outlive: 0.1.0 (production) watches http, streams, scopes by async-local-storage; metrics and findings go to http://127.0.0.1:4318; sweeps every 10 s, first verdicts in about 11 min',
  );
});

test("the app's own providers, switched off signals and hooks are told", () => {
  const line = startLine({ ...facts, hooksOff: ['timers'], metrics: 'app', findings: 'none' });
  assert.match(line, /streams \(off: timers\), scopes/);
  assert.match(line, /; metrics go to the app's own provider, findings nowhere; /);
  assert.match(startLine({ ...facts, hooks: [] }), /watches nothing, for all hooks are off/);
});

test('what cannot be done is said, on the same line', () => {
  const line = startLine({ ...facts, cannot: ["use the app's LoggerProvider\n(api 1.9)"] });
  assert.ok(line.endsWith("; cannot use the app's LoggerProvider (api 1.9)"));
});

test('credentials of an endpoint stay out', () => {
  for (const endpoint of ['https://user:secret@otel.test/v1?token=secret', 'user:secret@otel.test:4318']) {
    const line = startLine({ ...facts, endpoint });
    assert.ok(!line.includes('secret'), line);
    assert.match(line, /otel\.test/);
  }
});
