import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import undici from 'undici';
import { socketsWithin } from '../../../../src/observe/hooks/client-sockets.ts';
import { HookSet } from '../../../../src/observe/hook-set.ts';
import { clients } from '../../../../src/observe/hooks/clients.ts';
import { collectGarbage, observed } from '../observed.ts';
import { served, until } from '../served.ts';
import { upstream } from '../upstream.ts';

class SearchClient extends EventEmitter {
  readonly connection: { socket: net.Socket | undefined } = { socket: undefined };
  ended = 0;
  end(): string {
    this.ended++;
    return 'ended';
  }
}

let app: ReturnType<typeof observed>;
let closings: (() => Promise<void> | void)[] = [];
beforeEach(() => {
  app = observed({ hooks: [clients] });
});
afterEach(async () => {
  for (const close of closings.toReversed()) await close();
  closings = [];
  app.sweep();
  app.detach();
});

describe('clients: a leak', () => {
  it('is one that each request makes and none ends, told with its line and the call that is missing', async () => {
    const kept: SearchClient[] = [];
    const requests = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        await app.inRequest('GET /search', () => kept.push(new SearchClient()));
        app.sweep(2);
      }
    };
    await requests(80);
    app.sweep(32);
    const [suspicion] = app.suspicions();
    assert.deepEqual(
      [suspicion?.type, suspicion?.resourceType, suspicion?.scopeName],
      ['leaked_client', 'SearchClient', 'GET /search'],
    );
    assert.match(suspicion?.advice ?? '', /call `end\(\)` on it/);
    for (const client of kept) assert.equal(client.end(), 'ended');
    app.sweep();
    assert.deepEqual(app.suspicions(), [], 'ended late: nothing stands');
    assert.equal(app.tally('client').released, 80);
  });

  it('is an agent made per request', async () => {
    const kept: http.Agent[] = [];
    for (let i = 0; i < 80; i++) {
      await app.inRequest('GET /proxy', () => kept.push(new http.Agent({ keepAlive: true })));
      app.sweep(2);
    }
    app.sweep(32);
    assert.deepEqual(
      app.suspicions().map(({ resourceType }) => resourceType),
      ['http.Agent'],
    );
    for (const agent of kept) agent.destroy();
  });
});

describe('clients: a look-alike that stays silent', () => {
  it('is a call that ends nobody: a method taken off its client', () => {
    class Bus extends EventEmitter {
      close(): string {
        return 'closed';
      }
    }
    const { close } = new Bus();
    assert.equal(Reflect.apply(close, undefined, []), 'closed');
    assert.doesNotThrow(() => app.sweep());
  });

  it('is one that is ended with its request', async () => {
    for (let i = 0; i < 80; i++) {
      await app.inRequest('GET /search', () => new SearchClient().end());
      app.sweep(2);
    }
    app.sweep(40);
    assert.equal(app.tally('client').open, 0);
    assert.deepEqual(app.suspicions(), []);
  });

  it('is one that is ended through the Proxy that its class wraps it in, whatever traps that has', async () => {
    const noLook = (): never => assert.fail('a trap was run');
    class Wrapped extends SearchClient {
      constructor() {
        super();
        // oxlint-disable-next-line no-constructor-return -- as published clients do
        return new Proxy(this, { getPrototypeOf: noLook, ownKeys: noLook, has: noLook });
      }
    }
    await app.inRequest('GET /search', () => {
      const client = new Wrapped();
      assert.equal(new Proxy(client, {}).end(), 'ended');
    });
    await until(() => {
      app.sweep();
      return app.tally('client').open === 0;
    });
    assert.equal(app.tally('client').released, 1);
  });

  it('is one that a class of its own ends through `super`', async () => {
    class Special extends SearchClient {
      override end(): string {
        return super.end();
      }
    }
    await app.inRequest('GET /search', () => new Special().end());
    assert.equal(app.tally('client').released, 1);
  });

  it('is one for the process, made at the first request and used by others', async () => {
    const server = http.createServer((_request, response) => response.end());
    const open = await served(server);
    closings.push(open.close);
    let agent: http.Agent | undefined;
    closings.push(() => agent?.destroy());
    for (let i = 0; i < 40; i++) {
      await app.inRequest('GET /proxy', async () => {
        agent ??= new http.Agent({ keepAlive: true });
        await open.get('/', { agent });
      });
      app.sweep();
    }
    const origins = app.ledger.types.flatMap((type) => [...type.origins]);
    assert.deepEqual(
      origins.map(({ adopted, standing }) => [adopted, standing]),
      [[1, 0]],
    );
  });

  it('is one whose server has hung up', async () => {
    const open = await served(net.createServer((socket) => void socket.end()));
    closings.push(open.close);
    const client = new SearchClient();
    client.connection.socket = await open.connect();
    app.sweep(2);
    assert.equal(app.tally('client').open, 1);
    client.connection.socket.resume();
    await until(() => client.connection.socket?.destroyed === true);
    app.sweep(2);
    assert.deepEqual([app.tally('client').open, app.tally('client').released], [0, 1]);
  });

  it('is no client at all: a stream, a server, an emitter without an end, a class with a name that only begins so', () => {
    class Ender extends EventEmitter {
      endAll(): void {}
    }
    const things = [new PassThrough(), net.createServer(), new EventEmitter(), new Ender()];
    assert.equal(things.length, 4);
    assert.equal(app.tally('client').opened, 0);
  });
});

describe('clients: their end', () => {
  it('shows what they held, of the first of each sweep', async () => {
    const open = await served(net.createServer((socket) => void socket.resume()));
    closings.push(open.close);
    for (let i = 0; i < 4; i++) {
      const client = new SearchClient();
      client.connection.socket = i === 1 ? undefined : await open.connect();
      client.end();
      client.end();
      client.connection.socket?.destroy();
    }
    const type = app.ledger.types.find(({ opened }) => opened > 0);
    const { looks, connected, sockets } = type?.connected ?? {};
    assert.deepEqual({ looks, connected, sockets }, { looks: 2, connected: 1, sockets: 1 });
  });

  it('counts for one that was collected before it was looked at again', async () => {
    const openAndSweep = (): WeakRef<SearchClient> => {
      const client = new SearchClient();
      app.sweep();
      client.end();
      return new WeakRef(client);
    };
    const ref = openAndSweep();
    await collectGarbage();
    assert.equal(ref.deref(), undefined);
    app.sweep();
    const { released, abandoned } = app.tally('client');
    assert.deepEqual({ released, abandoned }, { released: 1, abandoned: 0 });
  });
});

describe('clients: what fetch is made of', () => {
  for (const [whose, call] of [
    ['Node', fetch],
    ['the undici package', undici.fetch],
  ] as const)
    it(`is none, by ${whose}: an emitter that can be terminated, one for each call`, async () => {
      const { url, close } = await upstream();
      closings.push(close);
      await app.inRequest('GET /', async () => (await call(`${url}/small`)).text());
      assert.deepEqual(
        app.ledger.types.filter(({ kind, opened }) => kind === 'client' && opened > 0).map(({ name }) => name),
        [],
      );
    });
});

describe('clients: their sockets', () => {
  const socket = (): net.Socket => new net.Socket();

  it('are found in fields, lists and Maps, at most three objects deep', () => {
    const sockets = [socket(), socket(), socket()];
    const [first, second, third] = sockets as [net.Socket, net.Socket, net.Socket];
    assert.deepEqual(socketsWithin({ a: { b: first } }).sockets, [first]);
    assert.deepEqual(socketsWithin({ pool: [second], byHost: new Map([['x', [third]]]) }).sockets, [second, third]);
    class Level {
      readonly next: object;
      constructor(next: object) {
        this.next = next;
      }
    }
    assert.deepEqual(socketsWithin(new Level(new Level(new Level(new Level(first))))).sockets, []);
  });

  it('are looked for without running a getter or a Proxy of the app', () => {
    const forbidden = (): never => assert.fail('code of the app ran');
    const client = {
      get lazy(): never {
        return forbidden();
      },
      proxied: new Proxy(
        {},
        { ownKeys: forbidden, getPrototypeOf: forbidden, get: forbidden, getOwnPropertyDescriptor: forbidden },
      ),
      list: [new Proxy([], { ownKeys: forbidden, getPrototypeOf: forbidden })],
    };
    assert.deepEqual(socketsWithin(client), { sockets: [], tooLarge: false });
  });

  it('are looked for in bounded CPU time, in circles as well', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = { circle };
    assert.deepEqual(socketsWithin(circle), { sockets: [], tooLarge: false });
    const list = Array.from({ length: 1_000_000 }, () => ({}));
    const map = new Map(list.map((item) => [item, item]));
    const start = process.cpuUsage();
    assert.ok(socketsWithin({ list }).tooLarge);
    assert.ok(socketsWithin({ map }).tooLarge);
    // the names of a million elements alone take 800 ms
    assert.ok(process.cpuUsage(start).user < 400_000);
  });
});

describe('clients: their connections', () => {
  it('of an agent are counted: open, idle, asked for and made; that all are closed by the other side is not its end', async () => {
    const open = await served(http.createServer((_request, response) => response.end()));
    closings.push(open.close);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 4, maxTotalSockets: 9 });
    closings.push(() => agent.destroy());
    for (let i = 0; i < 3; i++) await open.get('/', { agent });
    app.sweep();
    const type = app.ledger.types.find(({ name }) => name === 'http.Agent');
    assert.deepEqual(type?.probe.connectionsOf?.(agent), {
      open: 1,
      idle: 1,
      limit: 9,
      limitPerHost: 4,
      keepsAlive: true,
      requests: 3,
      made: 1,
    });
    for (const socket of open.sockets) socket.destroy();
    await until(() => Object.keys(agent.freeSockets).length === 0);
    app.sweep(2);
    assert.equal(app.tally('client').open, 1);
    agent.destroy();
    app.sweep();
    assert.equal(app.tally('client').open, 0);
  });

  it('of a pool are what it says, with its limit', () => {
    const pool = Object.assign(new SearchClient(), { _clients: [1, 2, 3], _idle: [1], options: { max: 5 } });
    const type = app.ledger.types.find(({ name }) => name === 'SearchClient');
    const { open, idle, limit } = type?.probe.connectionsOf?.(pool) ?? assert.fail();
    assert.deepEqual({ open, idle, limit }, { open: 3, idle: 1, limit: 5 });
  });
});

describe('clients: first do no harm', () => {
  it('keeps no class and no client alive', async () => {
    const refs: WeakRef<object>[] = [];
    const perRequest = (): void => {
      class Session extends EventEmitter {
        close(): void {}
      }
      const session = new Session();
      session.close();
      refs.push(new WeakRef(Session.prototype), new WeakRef(session));
    };
    for (let i = 0; i < 100; i++) await app.inRequest('GET /session', perRequest);
    app.sweep();
    await collectGarbage();
    assert.ok(refs.filter((ref) => ref.deref() !== undefined).length <= 2);
    assert.equal(app.ledger.types.filter(({ name }) => name === 'Session').length, 1);
  });

  it('gives the methods of a client back as they were', () => {
    app.detach();
    const before = Object.getOwnPropertyDescriptors(SearchClient.prototype);
    const agentBefore = Object.getOwnPropertyDescriptors(http.Agent.prototype);
    app = observed({ hooks: [clients] });
    const client = new SearchClient();
    assert.equal(client.end(), 'ended');
    app.detach();
    assert.deepEqual(Object.getOwnPropertyDescriptors(SearchClient.prototype), before);
    assert.deepEqual(Object.getOwnPropertyDescriptors(http.Agent.prototype), agentBefore);
    app = observed({ hooks: [] });
  });

  it('lets go of clients when their group is switched off, and follows those made after it is on again', () => {
    app.detach();
    app = observed({ hooks: [] });
    const hooks = new HookSet(app.observer, [clients]);
    hooks.attachOnly(new Set(['clients']));
    const kept = [new SearchClient()];
    app.sweep();
    hooks.attachOnly(new Set());
    const { dropped, open } = app.tally('client');
    assert.deepEqual([dropped, open], [1, 0]);
    hooks.attachOnly(new Set(['clients']));
    kept.push(new SearchClient());
    app.sweep();
    assert.deepEqual([app.tally('client').open, kept.length], [1, 2]);
    hooks.detachAll();
  });

  it('shows nothing of itself on a client', () => {
    const traits = (client: SearchClient): unknown => {
      client.end();
      return [Reflect.ownKeys(client), client.eventNames(), inspect(client, { showHidden: true })];
    };
    const withHook = traits(new SearchClient());
    app.sweep(3);
    app.detach();
    assert.deepEqual(withHook, traits(new SearchClient()));
    app = observed({ hooks: [] });
  });

  it('passes on what the ending call throws', () => {
    class Failing extends EventEmitter {
      close(): never {
        throw new Error('of the app');
      }
    }
    assert.throws(() => new Failing().close(), /of the app/);
  });
});
