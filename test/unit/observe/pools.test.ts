import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { clients } from '../../../src/observe/hooks/clients.ts';
import { poolsOf, poolStateOf } from '../../../src/observe/pools.ts';
import { observed } from './observed.ts';

class Pool extends EventEmitter {
  _clients = [{}, {}, {}];
  _idle = [{}];
  options = { host: 'db.local', port: 5432, database: 'shop', user: 'secret', password: 'secret' };
  async end(): Promise<void> {}
}

let app: ReturnType<typeof observed>;
beforeEach(() => {
  app = observed({ hooks: [clients] });
});
afterEach(() => app.detach());

describe('pools of connections', () => {
  it('are found among the open clients, by their own fields', () => {
    const pool = new Pool();
    new EventEmitter();
    app.sweep();
    assert.deepEqual(poolsOf(app.ledger), [{ name: 'db.local:5432/shop', idle: 1, used: 2 }]);
    pool._idle.push({});
    assert.equal(poolsOf(app.ledger)[0]?.used, 1);
  });

  it('are told no more when they have ended', async () => {
    await new Pool().end();
    app.sweep();
    assert.deepEqual(poolsOf(app.ledger), []);
  });

  it('of other layouts are known too; what is no pool is none', () => {
    const connectionConfig = { host: 'h', port: 3306, database: 'd' };
    const mysql = { _allConnections: { length: 4 }, _freeConnections: { length: 1 }, config: { connectionConfig } };
    assert.deepEqual(poolStateOf(mysql), { name: 'h:3306/d', idle: 1, used: 3 });
    assert.deepEqual(poolStateOf({ _clients: [], _idle: [] })?.name, 'localhost');
    assert.equal(poolStateOf({ _clients: 'abc' }), undefined);
  });

  it('run no getter of the app’s and tell no secret', () => {
    const trap = {
      get _clients(): never {
        throw new Error('run');
      },
      _idle: [],
    };
    assert.equal(poolStateOf(trap), undefined);
    const odd = { _clients: [], _idle: [], options: { host: 'a/b?token=1', database: 'x y' } };
    assert.equal(poolStateOf(odd)?.name, 'localhost');
  });
});
