import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ledgered, thingProbe } from './ledgered.ts';

describe('tracked types', () => {
  it('have one origin a site', () => {
    const { origin } = ledgered();
    assert.equal(origin(1), origin(1));
    assert.notEqual(origin(1), origin(2));
  });

  it('have one origin a scope name for what was opened at an unknown line, at most 501', () => {
    const { type } = ledgered();
    assert.equal(type.originIn('GET *'), type.originIn('GET *'));
    for (let i = 0; i < 2_000; i++) type.originIn(`job ${i}`);
    assert.ok([...type.originsWithoutSite].length <= 501);
    assert.equal(type.originIn('job 1998'), type.originIn('job 1999'), 'those beyond share one');
    assert.equal(type.originIn('job 3'), type.originIn('job 3'));
  });

  for (const [name, library] of [
    ['pg.Client', 'pg'],
    ['@redis/client.Commander', '@redis/client'],
    ['setInterval', ''],
  ] as const) {
    it(`named ${name} are of the library '${library}'`, () => {
      const { ledger } = ledgered();
      const type = ledger.defineType({ kind: 'client', name, probe: thingProbe, judgement: 'scope', advice: '' });
      assert.equal(type.library, library);
    });
  }

  it('of a library are all suspect when one of it was opened without a frame of the app', () => {
    const { ledger } = ledgered();
    const define = (name: string) =>
      ledger.defineType({ kind: 'client', name, probe: thingProbe, judgement: 'scope', advice: '' });
    const [client, pool, other] = [define('pg.Client'), define('pg.Pool'), define('mysql2.Pool')];
    ledger.suspectLibrary('pg', 64);
    assert.deepEqual(
      [client, pool, other].map((type) => type?.suspectForSweeps),
      [64, 64, 0],
    );
  });
});
