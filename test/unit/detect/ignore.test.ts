import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from '../../../src/detect/finding.ts';
import { type IgnoreRule, ignoredBy, isExpired } from '../../../src/detect/ignore.ts';
import { chargeOf } from './charge.ts';

const finding: Finding = {
  ...chargeOf({ type: 'leaked_client', scopeName: 'GET /orders/:id' }).suspicion,
  id: '00ff',
  state: 'raised',
  place: { file: 'src/orders.ts', line: 12, column: 3, fn: 'handler', text: '' },
  stack: undefined,
  firstSeenMs: 0,
  lastSeenMs: 0,
};
const nowMs = Date.parse('2026-06-01');
const silences = (rule: Omit<IgnoreRule, 'reason'>): boolean =>
  ignoredBy(finding, [{ reason: 'known', ...rule }], nowMs) !== undefined;

describe('a rule to leave a finding out', () => {
  it('matches by id, type, part of the place or scope', () => {
    assert.ok(silences({ id: '00ff' }));
    assert.ok(silences({ type: 'leaked_client' }));
    assert.ok(silences({ site: 'src/orders.ts' }));
    assert.ok(silences({ site: 'orders.ts:12' }));
    assert.ok(silences({ scope: 'GET /orders/:id' }));
  });

  it('matches only where all that it says holds', () => {
    assert.ok(!silences({ id: 'ff00' }));
    assert.ok(!silences({ type: 'leaked_client', scope: 'GET /other' }));
    assert.ok(!silences({ site: 'src/orders.ts:13' }));
    assert.ok(silences({ type: 'leaked_client', site: 'orders.ts', scope: 'GET /orders/:id', id: '00ff' }));
  });

  it('that says nothing silences nothing', () => {
    assert.ok(!silences({}));
  });

  it('is void from its day on', () => {
    assert.ok(silences({ id: '00ff', until: '2026-06-02' }));
    assert.ok(!silences({ id: '00ff', until: '2026-06-01' }));
    assert.ok(isExpired({ reason: '', until: '2026-05-31' }, nowMs));
    assert.ok(!isExpired({ reason: '' }, nowMs));
  });
});
