import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startCheck } from '../../../../src/cli/doctor/outlive-lines.ts';
import { startLine } from '../../../../src/report/start-line.ts';

const facts = {
  version: '0.1.0',
  tier: 'production',
  hooks: ['http', 'streams'],
  hooksOff: ['timers'],
  context: 'async-local-storage',
  metrics: 'own',
  findings: 'own',
  endpoint: 'http://localhost:4318',
  sweepIntervalMs: 10_000,
} as const;

const check = (...lines: string[]) =>
  startCheck(
    'Start',
    lines.map((line) => line.replace(/^outlive: /, '')),
    'Look.',
  );

describe('doctor: what outlive says of its start', () => {
  it('is shown part by part', () => {
    const { status, seen, more } = check(startLine(facts));
    assert.equal(status, 'ok');
    assert.equal(seen, '0.1.0 (production) watches http, streams (off: timers), scopes by async-local-storage');
    assert.equal(more?.[0], 'metrics and findings go to http://localhost:4318');
  });

  it('is a warning where something cannot be done or went wrong', () => {
    assert.equal(check(startLine({ ...facts, cannot: ['name routes'] })).status, 'warning');
    assert.equal(
      check(startLine(facts), 'detector outlived failed (TypeError: x); the app is not affected.').status,
      'warning',
    );
  });

  it('is missed where it could not start, and the reason is shown', () => {
    const { status, more, remedy } = check('it could not start and is off: TypeError: x');
    assert.equal(status, 'failed');
    assert.deepEqual(more, ['it could not start and is off: TypeError: x']);
    assert.equal(remedy, undefined);
  });

  it('is missed where it said nothing', () => {
    const { status, remedy } = check();
    assert.equal(status, 'failed');
    assert.equal(remedy, 'Look.');
  });
});
