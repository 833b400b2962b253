import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attributed as attributing } from '../../../src/detect/causes.ts';
import { ClientChurn } from '../../../src/detect/client-churn.ts';
import { Thing } from '../lifetime/ledgered.ts';
import { chargeOf, siteOf } from './charge.ts';
import { judged } from './judged.ts';
import { resultOf } from './result-of.ts';

const attributed = (...charges: Parameters<typeof attributing>) => resultOf(attributing(...charges));

const line = 8;

function bench({ connected = true }: { connected?: boolean } = {}) {
  const app = judged((ledger) => new ClientChurn(ledger), { kind: 'client' });
  const close = (client: Thing): void => {
    client.end = 'released';
    app.type.connected.note(connected ? 1 : 0, false);
  };
  return {
    ...app,
    close,
    /** A request that makes a client and closes it. */
    churn(): void {
      const nursery = app.request('GET /orders/:id');
      close(app.open(nursery, new Thing(), line));
      app.ledger.endScope(nursery);
    },
    sweeps(count: number, each: (sweep: number) => void): void {
      for (let sweep = 0; sweep < count; sweep++) {
        each(sweep);
        app.sweep();
      }
    },
  };
}

describe('client churn: a cost', () => {
  it('is a client that each request makes, connects and closes, told as info with its rate and its sockets', () => {
    const app = bench();
    app.sweeps(80, () => Array.from({ length: 3 }, () => app.churn()));
    const [suspicion] = app.suspicions();
    assert.deepEqual(
      [suspicion?.type, suspicion?.severity, suspicion?.scopeName, suspicion?.count, suspicion?.sockets],
      ['client_churn', 'info', 'GET /orders/:id', 192, 192],
    );
    assert.equal(suspicion?.rate?.value, (3 / 10) * 3600);
    assert.equal(suspicion?.site?.frame.line, line);
  });

  it('counts those whose line was not captured', () => {
    const app = bench();
    app.sweeps(80, () => {
      for (let i = 0; i < 4; i++) {
        const nursery = app.request('GET /orders/:id');
        app.close(app.open(nursery, new Thing(), i === 0 ? line : undefined));
        app.ledger.endScope(nursery);
      }
    });
    assert.equal(app.suspicions()[0]?.count, 256);
  });

  it('is over when the clients are shared at last', () => {
    const app = bench();
    app.sweeps(80, () => app.churn());
    assert.equal(app.charges().length, 1);
    const outcome = app.charges()[0]?.whenGone();
    app.sweep(64);
    assert.deepEqual([app.charges().length, outcome], [0, 'resolved']);
  });

  it('is not watched any more when the hooks of clients are off, and is told anew once it was seen anew', () => {
    const app = bench();
    app.sweeps(80, () => app.churn());
    const [charge] = app.charges();
    app.ledger.unwatch(app.type.probe);
    app.sweep();
    assert.deepEqual([app.charges().length, charge?.whenGone()], [0, 'unwatched']);
    app.sweep(64);
    app.define();
    app.sweeps(60, () => app.churn());
    assert.equal(app.charges().length, 0);
    app.sweeps(30, () => app.churn());
    assert.deepEqual([app.charges().length, charge?.whenGone()], [1, 'unwatched']);
  });
});

describe('client churn: a look-alike that stays silent', () => {
  it('is a handful of clients at start, or with each reload of the configuration', () => {
    const app = bench();
    const started = Array.from({ length: 100 }, () => app.open(app.ledger.root, new Thing(), line));
    app.sweeps(400, (sweep) => {
      if (sweep % 40 === 0) for (let i = 0; i < 5; i++) app.churn();
      assert.deepEqual(app.suspicions(), []);
    });
    assert.equal(started.length, 100);
  });

  it('is one that a test makes and closes, for it is made in no work that is repeated', () => {
    const app = bench();
    app.sweeps(200, () => {
      for (let i = 0; i < 5; i++) app.close(app.open(app.ledger.root, new Thing(), line));
    });
    assert.deepEqual(app.suspicions(), []);
  });

  it('is a pool that opens connections under load and closes them when they are idle', () => {
    const app = bench();
    const idle: Thing[] = [];
    app.sweeps(200, () => {
      for (let i = 0; i < 4; i++) idle.push(app.requested(line));
      while (idle.length > 12) app.close(idle.shift() ?? new Thing());
      assert.deepEqual(app.suspicions(), []);
    });
  });

  it('is what is called a client and connects to nothing', () => {
    const app = bench({ connected: false });
    app.sweeps(200, () => Array.from({ length: 5 }, () => app.churn()));
    assert.deepEqual(app.suspicions(), []);
  });

  it('is a burst', () => {
    const app = bench();
    app.sweeps(200, (sweep) => {
      if (sweep > 50 && sweep < 70) for (let i = 0; i < 50; i++) app.churn();
      assert.deepEqual(app.suspicions(), []);
    });
  });
});

describe('client churn: beside other findings', () => {
  const churnAt = (...frames: readonly string[]) =>
    chargeOf({ type: 'client_churn', severity: 'info', site: siteOf(...frames), key: `churn ${frames.join()}` });

  it('gives way to a client that leaks at its line, and hides none', () => {
    const leak = chargeOf({ site: siteOf('node_modules/pg/client.js:60', 'app.js:8:find'), count: 6 });
    const churn = churnAt('node_modules/pg/client.js:60', 'app.js:8:find');
    const { causes, causeOf } = attributed([churn, leak], new Set([churn.key]));
    assert.deepEqual([causes, causeOf.get(churn.key)], [[leak], leak]);
  });

  it('is no cause of a leak elsewhere in its function', () => {
    const churn = churnAt('node_modules/pg/client.js:60', 'app.js:8:find');
    const socket = chargeOf({ kind: 'socket', resourceType: 'net.Socket', site: siteOf('app.js:9:find') });
    assert.equal(attributed([churn, socket]).causes.length, 2);
  });

  it('of a pool and of the clients that it makes is one, the pool', () => {
    const pool = churnAt('node_modules/pg-pool/index.js:10', 'app.js:8:find');
    const client = churnAt('node_modules/pg/client.js:60', 'node_modules/pg-pool/index.js:90', 'app.js:8:find');
    assert.deepEqual(attributed([client, pool]).causes, [pool]);
    const later = churnAt('node_modules/pg/client.js:60', 'node_modules/pg-pool/index.js:90', 'app.js:9:find');
    const ofPool = { ...later, suspicion: { ...later.suspicion, resourceType: 'pg.Client' } };
    const made = { ...pool, suspicion: { ...pool.suspicion, resourceType: 'pg-pool.Pool' } };
    assert.deepEqual(attributed([ofPool, made]).causes, [made]);
    const other = churnAt('node_modules/redis/client.js:60', 'app.js:10:find');
    assert.equal(attributed([other, made]).causes.length, 2);
  });
});
