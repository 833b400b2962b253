import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { createRequire } from 'node:module';
import type { Server } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import fastify from 'fastify';
import type { Runs } from '../../../../src/lifetime/scope-stats.ts';
import { HookSet } from '../../../../src/observe/hook-set.ts';
import { httpServers } from '../../../../src/observe/hooks/http.ts';
import { collectGarbage, observed } from '../observed.ts';
import { answered, served, until } from '../served.ts';

type Observed = ReturnType<typeof observed>;

/** What is used of `ws`, which brings no types. */
interface Connection extends EventEmitter {
  send(text: string): void;
}
interface Sockets {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (connection: Connection) => void): void;
}
const { WebSocketServer } = createRequire(import.meta.url)('ws') as {
  WebSocketServer: new (options: { noServer: true }) => Sockets;
};

let app: Observed;
let closings: (() => Promise<void>)[] = [];
beforeEach(() => {
  app = observed({ hooks: [httpServers] });
});
afterEach(async () => {
  for (const close of closings) await close();
  closings = [];
  app.sweep();
  app.detach();
});

async function serve(server: Server) {
  const open = await served(server);
  closings.push(open.close);
  return open;
}

const scopeName = (): string | undefined => app.observer.context.current()?.scope.name;
const ended = (name: string): number => app.ledger.scopeStats.of(name).ended;
const active = (name: string): number => app.ledger.scopeStats.of(name).active;
const booked = () => {
  const { opened, released, errored } = app.tally('http.request');
  return { opened, released, errored };
};

describe('http: a request is a scope', () => {
  it('from its handler to the close of its response, through all that it awaits', async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve(
      http.createServer(async (_request, response) => {
        seen.push(scopeName());
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.push(scopeName());
        assert.equal(active('GET *'), 1);
        response.on('close', () => seen.push(scopeName())).end('hello');
      }),
    );
    assert.equal((await server.get('/orders/7?secret=1')).body, 'hello');
    await until(() => ended('GET *') === 1, 'the end of the scope');
    assert.deepEqual(seen, ['GET *', 'GET *', 'GET *']);
    assert.deepEqual(booked(), { opened: 1, released: 1, errored: 0 });
    assert.equal(active('GET *'), 0);
    assert.equal(scopeName(), undefined);
  });

  it('whose body events have it as well, in whatever packet they come', async () => {
    const seen = new Set<string>();
    const server = await serve(
      http.createServer((request, response) => {
        for (const event of ['data', 'end', 'close']) request.on(event, () => seen.add(`${event} in ${scopeName()}`));
        request.on('end', () => response.end());
      }),
    );
    const socket = await server.connect();
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab');
    await until(() => seen.size === 1, 'the first packet');
    socket.write('cd');
    await until(() => ended('POST *') === 1 && seen.size === 3);
    assert.deepEqual(seen, new Set(['data in POST *', 'end in POST *', 'close in POST *']));
  });

  it('whose body has it as well where hardly anybody sends one', async () => {
    const seen = new Set<string>();
    const server = await serve(
      http.createServer((request, response) => {
        for (const event of ['data', 'end', 'close']) request.on(event, () => seen.add(`${event} in ${scopeName()}`));
        request.on('end', () => response.end());
      }),
    );
    const socket = await server.connect();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n');
    await until(() => active('GET *') === 1, 'the head');
    socket.write('cd');
    await until(() => ended('GET *') === 1 && seen.size === 3);
    assert.deepEqual(seen, new Set(['data in GET *', 'end in GET *', 'close in GET *']));
  });

  it('whose loss is told in it', async () => {
    const seen: string[] = [];
    const server = await serve(
      http.createServer((request) => {
        for (const event of ['aborted', 'error', 'close'])
          request.on(event, () => seen.push(`${event} in ${scopeName()}`));
      }),
    );
    const socket = await server.connect();
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab');
    await until(() => active('POST *') === 1, 'the request');
    socket.destroy();
    await until(() => seen.length === 3);
    assert.deepEqual(seen, ['aborted in POST *', 'error in POST *', 'close in POST *']);
  });

  it('that ends with its handler for the code that pushes it through a stream of its own', async () => {
    const seen: (string | undefined)[] = [];
    const server = http.createServer((_request, response) => {
      seen.push(scopeName());
      response.end();
    });
    const stream = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
    server.emit('connection', stream);
    for (let i = 0; i < 2; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      stream.push('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      assert.equal(scopeName(), undefined);
    }
    await until(() => ended('GET *') === 2);
    assert.deepEqual(seen, ['GET *', 'GET *']);
    stream.destroy();
  });

  it('of its own on a kept-alive connection', async () => {
    const scopes = new Set<unknown>();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const server = await serve(
      http.createServer((_request, response) => {
        scopes.add(app.observer.context.current());
        response.end();
      }),
    );
    for (let i = 0; i < 3; i++) await server.get('/', { agent });
    agent.destroy();
    await until(() => ended('GET *') === 3);
    assert.equal(scopes.size, 3);
  });

  it('of its own among pipelined ones', async () => {
    const seen: (string | undefined)[] = [];
    const responses: ServerResponse[] = [];
    const server = await serve(
      http.createServer((request, response) => {
        seen.push(`${request.method} in ${scopeName()}`);
        responses.push(response);
        if (responses.length === 3) for (const each of responses.toReversed()) each.end('x');
      }),
    );
    const socket = await server.connect();
    socket.resume();
    socket.write(
      ['GET', 'POST', 'PUT'].map((method) => `${method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`).join(''),
    );
    await until(() => ended('GET *') + ended('POST *') + ended('PUT *') === 3);
    assert.deepEqual(seen, ['GET in GET *', 'POST in POST *', 'PUT in PUT *']);
    assert.deepEqual(booked(), { opened: 3, released: 3, errored: 0 });
  });

  it('that ends when the client goes away before it was answered', async () => {
    const server = await serve(http.createServer(() => {}));
    const socket = await server.connect();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => active('GET *') === 1);
    socket.destroy();
    await until(() => ended('GET *') === 1, 'the end of the aborted request');
    assert.deepEqual(booked(), { opened: 1, released: 0, errored: 1 });
  });

  it('that ends when the client goes away while its turn had not come', async () => {
    const server = await serve(http.createServer(() => {}));
    const socket = await server.connect();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
    await until(() => active('GET *') === 3);
    socket.destroy();
    await until(() => ended('GET *') === 3, 'the end of the queued requests');
    assert.deepEqual(booked(), { opened: 3, released: 0, errored: 3 });
    assert.equal(active('GET *'), 0);
  });

  it('with `Expect: 100-continue`, whether the app listens to that or not', async () => {
    const server = http.createServer((_request, response) => response.end(scopeName()));
    const bare = await serve(server);
    const expecting = { port: bare.port, method: 'PUT', headers: { expect: '100-continue' } };
    assert.equal((await answered(expecting, 'body')).body, 'PUT *');
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      response.writeContinue();
      server.emit('request', request, response);
    });
    assert.equal((await answered(expecting, 'body')).body, 'PUT *');
    await until(() => ended('PUT *') === 2);
    assert.equal(booked().opened, 2, 'a request that is emitted again is one');
  });

  it('that outlives a handler which throws, with the error untouched', async () => {
    const errors: unknown[] = [];
    const server = http.createServer((_request, response) => {
      try {
        throw new Error('of the app');
      } finally {
        response.end();
      }
    });
    const emit = server.emit.bind(server);
    server.emit = (event: string, ...args: unknown[]) => {
      try {
        return emit(event, ...args);
      } catch (error) {
        errors.push(error);
        return true;
      }
    };
    const open = await serve(server);
    await open.get('/');
    await until(() => ended('GET *') === 1);
    assert.match(String(errors), /of the app/);
  });

  it('over TLS too', async () => {
    // a shared key instead of a certificate
    const secure = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;
    const psk = Buffer.alloc(16, 7);
    const server = https.createServer({ ...secure, pskCallback: () => psk }, (_request, response) => {
      response.end(scopeName());
    });
    const open = await serve(server);
    const body = await new Promise<string>((resolve, reject) => {
      const trust = { checkServerIdentity: () => undefined, pskCallback: () => ({ psk, identity: 'test' }) };
      const options = { ...secure, ...trust, port: open.port, host: '127.0.0.1', agent: false as const };
      https
        .get(options as https.RequestOptions, (response) => response.setEncoding('utf8').on('data', resolve))
        .on('error', reject);
    });
    assert.equal(body, 'GET *');
    await until(() => ended('GET *') === 1);
  });
});

describe('http: names of requests', () => {
  it('are of low cardinality whatever the client sends as a method', async () => {
    const server = await serve(http.createServer((_request, response) => response.end(scopeName())));
    const socket = await server.connect();
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.write('M-SEARCH / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => text.includes('M-SEARCH *'));
  });

  it('take the route that Fastify says', async () => {
    const server = fastify();
    server.get('/orders/:id', () => 'ok');
    await server.register(
      (api) => {
        api.get('/users/:uid', () => 'ok');
      },
      { prefix: '/api' },
    );
    const origin = await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = new URL(origin);
    for (const path of ['/orders/5', '/orders/6', '/api/users/alice', '/none']) await answered({ port, path });
    await server.close();
    await until(() => ended('GET /orders/:id') === 2);
    assert.equal(ended('GET /api/users/:uid'), 1);
    assert.equal(booked().opened, 4);
    assert.ok([...app.ledger.scopeStats.active()].every(([name]) => !name.includes('alice')));
  });

  it('count for their server while no framework names their route', async () => {
    const runs: (Runs | undefined)[] = [];
    const listener: http.RequestListener = (request, response) => {
      runs.push(app.observer.context.current()?.scope.runs);
      if (request.url === '/orders') Object.assign(request, { route: { path: '/orders' } });
      response.end();
    };
    const [api, health] = [await serve(http.createServer(listener)), await serve(http.createServer(listener))];
    for (const path of ['/', '/', '/orders']) await api.get(path);
    await health.get('/');
    await until(() => ended('GET *') === 3 && ended('GET /orders') === 1);
    const [first, second, ofRoute, other] = runs;
    assert.deepEqual([first?.ended, second === first, ofRoute === first, other?.ended], [2, true, true, 1]);
    assert.notEqual(first, other);
  });

  it('take the route that Express leaves on the request', async () => {
    const server = await serve(
      http.createServer((request, response) => {
        Object.assign(request, { route: { path: '/orders/:id' } });
        response.end();
      }),
    );
    await server.get('/orders/5');
    await until(() => ended('GET /orders/:id') === 1);
  });
});

describe('http: upgrades', () => {
  it('are a scope until their socket closes', async () => {
    const sockets = new WebSocketServer({ noServer: true });
    const server = http.createServer();
    const seen: (string | undefined)[] = [];
    server.on('upgrade', (request, socket, head) => {
      seen.push(scopeName());
      sockets.handleUpgrade(request, socket, head, (connection) => {
        connection.on('message', () => {
          seen.push(scopeName());
          connection.send('echo');
        });
      });
    });
    const open = await serve(server);
    const client = new WebSocket(`ws://127.0.0.1:${open.port}`);
    await new Promise((resolve) => client.addEventListener('open', resolve));
    client.send('hello');
    await new Promise((resolve) => client.addEventListener('message', resolve));
    assert.equal(active('GET * upgrade'), 1);
    client.close();
    await until(() => ended('GET * upgrade') === 1, 'the end of the upgraded connection');
    assert.equal(seen[0], 'GET * upgrade');
    assert.equal(active('GET * upgrade'), 0);
  });

  it('by CONNECT as well', async () => {
    const server = http.createServer();
    server.on('connect', (_request, socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const open = await serve(server);
    const socket = await open.connect();
    socket.resume();
    socket.write('CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n');
    await until(() => ended('CONNECT * upgrade') === 1);
  });
});

describe('http/2', () => {
  async function asked(server: http2.Http2Server, paths: readonly string[], cancel = false): Promise<string[]> {
    const open = await serve(server);
    const session = http2.connect(`http://127.0.0.1:${open.port}`);
    session.on('stream', (pushed) => pushed.resume());
    const bodies = await Promise.all(
      paths.map(
        (path) =>
          new Promise<string>((resolve) => {
            const stream = session.request({ ':path': path, ':method': 'GET' });
            let text = '';
            stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
            stream.on('error', () => {}).on('close', () => resolve(text));
            if (cancel) stream.on('response', () => stream.close(http2.constants.NGHTTP2_CANCEL));
          }),
      ),
    );
    await until(() => booked().released + booked().errored === paths.length, 'the end of the streams');
    await new Promise<void>((resolve) => session.close(resolve));
    return bodies;
  }

  it('gives each request of the compatible API a scope, and its route', async () => {
    const server = http2.createServer((request, response) => {
      Object.assign(request, { route: { path: '/orders/:id' } });
      setImmediate(() => response.end(`${scopeName()}`));
    });
    assert.deepEqual(await asked(server, ['/orders/1', '/orders/2']), ['GET *', 'GET *']);
    assert.deepEqual(booked(), { opened: 2, released: 2, errored: 0 });
    assert.equal(ended('GET /orders/:id'), 2);
    assert.equal(active('GET *'), 0);
  });

  it('gives each stream of the core API a scope', async () => {
    const server = http2.createServer();
    server.on('stream', (stream) => {
      stream.respond({ ':status': 200 });
      setImmediate(() => stream.end(`${scopeName()}`));
    });
    assert.deepEqual(await asked(server, ['/a', '/b', '/c']), ['GET *', 'GET *', 'GET *']);
    assert.deepEqual(booked(), { opened: 3, released: 3, errored: 0 });
  });

  it('leaves a pushed response alone, which answers no request', async () => {
    const pushed: string[] = [];
    const server = http2.createServer((_request, response) => {
      response.createPushResponse({ ':path': '/pushed' }, (error, push) => {
        push.on('close', () => pushed.push(`${String(error)} closed`)).end('also');
        response.end('asked for');
      });
    });
    assert.deepEqual(await asked(server, ['/a']), ['asked for']);
    await until(() => pushed.length === 1, 'the end of what was pushed');
    assert.deepEqual(pushed, ['null closed']);
    assert.equal(active('GET *'), 0);
  });

  it('ends the scope of a stream that the client gave up', async () => {
    const server = http2.createServer((_request, response) => void response.write('never all'));
    await asked(server, ['/a'], true);
    assert.deepEqual(booked(), { opened: 1, released: 0, errored: 1 });
    assert.equal(active('GET *'), 0);
  });
});

describe('http: first do no harm', () => {
  it('shows nothing of itself on a request, a response, a socket or a server', async () => {
    const traits = (thing: object): unknown => ({
      keys: Reflect.ownKeys(thing).map(String),
      events:
        thing instanceof EventEmitter
          ? thing.eventNames().map((name) => [String(name), thing.listenerCount(name)])
          : [],
      shown: Object.keys(thing),
      hidden: /outlive|nursery|scope/i.test(inspect(thing, { showHidden: true, depth: 1 })),
    });
    const look = async (): Promise<unknown[]> => {
      const looks: unknown[] = [];
      const server = http.createServer((request, response) => {
        looks.push(traits(request), traits(response), traits(request.socket));
        response.end();
      });
      const open = await serve(server);
      await open.get('/');
      return [...looks, traits(server)];
    };
    const withHooks = await look();
    app.detach();
    assert.deepEqual(withHooks, await look());
  });

  it('retains no request, no response and no socket', async () => {
    const refs: WeakRef<object>[] = [];
    const server = await serve(
      http.createServer((request, response) => {
        refs.push(new WeakRef(request), new WeakRef(response), new WeakRef(request.socket));
        response.end('x');
      }),
    );
    for (let i = 0; i < 5; i++) await server.get('/');
    await until(() => ended('GET *') === 5 && server.sockets.size === 0);
    await server.get('/');
    app.sweep();
    for (let i = 0; i < 3; i++) await collectGarbage();
    assert.deepEqual(
      refs.slice(0, 9).map((ref) => ref.deref()?.constructor.name),
      Array(9).fill(undefined),
    );
  });

  it('lets the request through bare when its own work fails', async () => {
    const openCounted = app.ledger.openCounted.bind(app.ledger);
    app.ledger.openCounted = () => {
      throw new Error('of outlive');
    };
    const server = await serve(http.createServer((_request, response) => response.end('fine')));
    assert.equal((await server.get('/')).body, 'fine');
    app.ledger.openCounted = openCounted;
    assert.throws(() => app.sweep(), /hook failed: scope of a request/);
    app = observed({ hooks: [] });
  });

  it('counts none that is under way when its group is switched off, and goes on right when it is on again', async () => {
    app.detach();
    app = observed({ hooks: [] });
    const { ledger, observer } = app;
    const hooks = new HookSet(observer, [httpServers]);
    hooks.attachOnly(new Set(['http']));
    const responses: ServerResponse[] = [];
    const sockets: Duplex[] = [];
    const server = http.createServer((_request, response) => void responses.push(response));
    const open = await serve(server.on('upgrade', (_request, socket) => void sockets.push(socket)));
    const slow = open.get('/slow');
    (await open.connect()).write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await until(() => responses.length === 1 && sockets.length === 1);
    const counts = () => [
      active('GET *'),
      active('GET * upgrade'),
      ledger.tallyOf('http.request').open,
      ...[...ledger.requestTimes.active()].map(({ count }) => count),
    ];
    assert.deepEqual(counts(), [1, 1, 1, 1]);
    hooks.attachOnly(new Set());
    assert.deepEqual(counts(), [0, 0, 0, 0]);
    hooks.attachOnly(new Set(['http']));
    const later = open.get('/later');
    await until(() => responses.length === 2);
    for (const response of responses) response.end();
    await Promise.all([slow, later]);
    await until(() => ended('GET *') === 1);
    assert.deepEqual(counts(), [0, 0, 0, 0]);
    hooks.detachAll();
  });

  it('leaves requests alone that are under way when it is detached, and new ones', async () => {
    let respond: (() => void) | undefined;
    const server = await serve(
      http.createServer((request, response) => {
        if (request.url === '/slow') respond = () => response.end('slow');
        else response.end(String(scopeName()));
      }),
    );
    const slow = server.get('/slow');
    await until(() => respond !== undefined);
    app.detach();
    respond?.();
    assert.equal((await slow).body, 'slow');
    assert.equal((await server.get('/')).body, 'undefined');
    assert.equal(booked().opened, 1);
  });
});
