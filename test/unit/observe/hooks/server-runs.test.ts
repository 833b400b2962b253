import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noRuns } from '../../../../src/lifetime/scope-stats.ts';
import { ServerRuns } from '../../../../src/observe/hooks/server-runs.ts';

describe('server runs', () => {
  it('are one count for each server and each name of its work, the same each time', () => {
    const runs = new ServerRuns();
    const [api, health] = [{}, {}];
    const gets = runs.of(api, 'GET *');
    assert.deepEqual(gets, noRuns());
    assert.equal(runs.of(api, 'GET *'), gets);
    assert.notEqual(runs.of(api, 'POST *'), gets);
    assert.equal(runs.of(api, 'GET *'), gets, 'after another name as well');
    assert.notEqual(runs.of(health, 'GET *'), gets);
  });

  it('are not told apart where the server is not known, nor beyond sixteen servers', () => {
    const runs = new ServerRuns();
    assert.deepEqual([runs.of(undefined, 'GET *'), runs.of(null, 'GET *')], [undefined, undefined]);
    const servers = Array.from({ length: 17 }, () => ({}));
    assert.equal(servers.filter((server) => runs.of(server, 'GET *') !== undefined).length, 16);
    assert.equal(runs.of(servers[16], 'GET *'), undefined);
    assert.deepEqual(runs.of(servers[0], 'GET *'), noRuns());
  });

  it('leave nothing on a server that anybody could see', () => {
    const server = {};
    new ServerRuns().of(server, 'GET *');
    assert.deepEqual(Reflect.ownKeys(server), []);
  });
});
