import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countOf } from '../../../src/lifetime/scope-stats.ts';
import { ledgered } from './ledgered.ts';

const requests = (names: readonly string[]) => {
  const { ledger, request } = ledgered();
  return { ledger, stats: ledger.scopeStats, nurseries: names.map((name) => request(name)) };
};

describe('scopes by name', () => {
  it('counts those under way, their peak and those that ended', () => {
    const { ledger, stats, nurseries } = requests(['GET *', 'GET *', 'POST *']);
    const [first] = nurseries;
    assert.equal(stats.of('GET *').active, 2);
    if (first !== undefined) ledger.endScope(first);
    const { active, peakActive, ended } = stats.of('GET *');
    assert.deepEqual({ active, peakActive, ended }, { active: 1, peakActive: 2, ended: 1 });
    assert.equal(stats.total, 3);
  });

  it('books an end under the route that became known, and leaves the first name without it', () => {
    const { ledger, stats, nurseries } = requests(['GET *', 'GET *', 'GET *']);
    for (const nursery of nurseries) ledger.endScope(nursery, 'GET /orders/:id');
    assert.deepEqual([stats.of('GET *').active, stats.of('GET *').ended], [0, 0]);
    assert.deepEqual([stats.of('GET /orders/:id').ended, stats.of('GET /orders/:id').peakActive], [3, 3]);
  });

  it('counts runs as they begin', () => {
    const { ledger, stats, nurseries } = requests(['GET *', 'GET *']);
    assert.equal(countOf(stats.of('GET *')), 2);
    for (const nursery of nurseries) ledger.endScope(nursery);
    assert.equal(countOf(stats.of('GET *')), 2);
  });

  it('counts runs of a route as they begin where it is known by then', () => {
    const { ledger, stats, nurseries } = requests(['GET *', 'GET *', 'GET *']);
    for (const nursery of nurseries) ledger.expectName(nursery, 'GET /api');
    for (const nursery of nurseries) ledger.expectName(nursery, 'GET /api/orders');
    assert.deepEqual([countOf(stats.of('GET *')), countOf(stats.of('GET /api/orders'))], [0, 3]);
    for (const nursery of nurseries) ledger.endScope(nursery, 'GET /api/orders');
    assert.deepEqual([countOf(stats.of('GET *')), countOf(stats.of('GET /api/orders'))], [0, 3]);
  });

  it('counts runs of a route as they end where it is not known before', () => {
    const { ledger, stats, nurseries } = requests(['GET *', 'GET *', 'GET *']);
    for (const nursery of nurseries.slice(1)) ledger.endScope(nursery, 'GET /orders');
    assert.deepEqual([countOf(stats.of('GET *')), countOf(stats.of('GET /orders'))], [0, 2]);
  });

  it('takes back a route that was expected of a run which ended without it', () => {
    const { ledger, stats, nurseries } = requests(['GET *', 'GET *']);
    for (const nursery of nurseries) ledger.expectName(nursery, 'GET /orders');
    for (const nursery of nurseries) ledger.endScope(nursery);
    assert.deepEqual([countOf(stats.of('GET *')), countOf(stats.of('GET /orders'))], [2, 0]);
  });

  it('forgets a peak after a window and the next one without it', () => {
    const { ledger, stats, nurseries } = requests(Array.from({ length: 50 }, () => 'GET *'));
    for (const nursery of nurseries) ledger.endScope(nursery);
    assert.equal(stats.of('GET *').peakActive, 50);
    stats.forgetOldPeaks();
    assert.equal(stats.of('GET *').peakActive, 50);
    ledger.openScope('request', 'GET *', undefined);
    stats.forgetOldPeaks();
    assert.equal(stats.of('GET *').peakActive, 1);
  });

  it('never goes below zero and keeps names that are idle', () => {
    const { ledger, stats, nurseries } = requests(['job']);
    for (const nursery of [...nurseries, ...nurseries]) ledger.endScope(nursery);
    assert.deepEqual([...stats.active()], [['job', 0]]);
  });

  it('counts everything beyond 1,000 names as `other`', () => {
    const { stats } = requests(Array.from({ length: 1_500 }, (_, i) => `job ${i}`));
    const names = [...stats.active()];
    assert.ok(names.length <= 1_001);
    assert.deepEqual(names.at(-1), ['other', 500]);
  });

  it('lets a name that went under `other` end there', () => {
    const { ledger, stats, nurseries } = requests(Array.from({ length: 1_500 }, (_, i) => `job ${i}`));
    for (const nursery of nurseries) ledger.endScope(nursery);
    assert.deepEqual([stats.of('other').active, stats.of('other').ended], [0, 500]);
    assert.ok([...stats.active()].every(([, active]) => active === 0));
  });
});
