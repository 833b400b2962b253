import assert from 'node:assert/strict';
import net from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { sockets } from '../../../../src/observe/hooks/sockets.ts';
import { collectGarbage, observed } from '../observed.ts';
import { served, until } from '../served.ts';

let app: ReturnType<typeof observed>;
let server: Awaited<ReturnType<typeof served>>;
const kept: net.Socket[] = [];
beforeEach(async () => {
  server = await served(net.createServer((socket) => socket.on('error', () => {}).pipe(socket)));
  app = observed({ hooks: [sockets] });
});
afterEach(async () => {
  for (const socket of kept.splice(0)) socket.destroy();
  await server.close();
  app.sweep();
  app.detach();
});

describe('sockets', () => {
  it('are open from `connect` to their end, on both sides', async () => {
    const socket = await server.connect();
    await until(() => app.tally('http.connection').opened === 1);
    assert.deepEqual([app.tally('socket').open, app.tally('http.connection').open], [1, 1]);
    socket.end();
    await until(() => socket.destroyed && server.sockets.size === 0);
    app.sweep();
    assert.deepEqual([app.tally('socket').open, app.tally('http.connection').open], [0, 0]);
    assert.deepEqual([app.tally('socket').released, app.tally('http.connection').released], [1, 1]);
  });

  it('that requests leave open are told with their line; the server’s own never', async () => {
    for (let i = 0; i < 60; i++) {
      await app.inRequest('GET /lookup', async () => kept.push(await server.connect()));
      app.sweep(2);
    }
    app.sweep(32);
    assert.deepEqual(
      app.suspicions().map(({ type, kind, scopeName }) => [type, kind, scopeName]),
      [['unclosed_handle', 'socket', 'GET /lookup']],
    );
    for (const socket of kept) socket.destroy();
    app.sweep();
    assert.deepEqual(app.suspicions(), []);
  });

  it('that are closed with their request are no finding', async () => {
    for (let i = 0; i < 60; i++) {
      await app.inRequest('GET /lookup', async () => void (await server.connect()).destroy());
      app.sweep(2);
    }
    app.sweep(32);
    assert.deepEqual(app.suspicions(), []);
  });

  it('that a pool keeps and uses are adopted', async () => {
    await app.inRequest('GET /first', async () => kept.push(await server.connect()));
    const [socket] = kept as [net.Socket];
    app.sweep(6);
    for (let i = 0; i < 3; i++) {
      socket.write('ping');
      await new Promise((resolve) => socket.once('data', resolve));
      app.sweep();
    }
    const origin = app.ledger.types.flatMap((type) => [...type.origins]).find(({ adopted }) => adopted > 0);
    assert.deepEqual([origin?.adopted, origin?.standing], [1, 0]);
  });

  it('that connect again are one', async () => {
    const socket = await server.connect();
    socket.destroy();
    await until(() => socket.closed);
    socket.connect(server.port, '127.0.0.1');
    kept.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    assert.equal(app.tally('socket').opened, 1);
  });

  it('that cannot connect count as errored', async () => {
    const socket = net.connect({ port: 1, host: '127.0.0.1' });
    kept.push(socket);
    await new Promise((resolve) => socket.once('error', resolve));
    await until(() => socket.closed);
    app.sweep();
    assert.deepEqual([app.tally('socket').errored, app.tally('socket').open], [1, 0]);
  });

  it('tell the bytes that wait to be written', async () => {
    const socket = await server.connect();
    kept.push(socket);
    socket.cork();
    socket.write(Buffer.alloc(5_000));
    app.sweep();
    assert.equal(app.tally('socket').bufferedBytes, 5_000);
  });

  it('show nothing of the hook and are not kept', async () => {
    const traits = (socket: net.Socket): unknown => [
      Reflect.ownKeys(socket).map(String),
      socket.eventNames().map((name) => [name, socket.listenerCount(name)]),
      /outlive|nursery/i.test(inspect(socket, { showHidden: true })),
    ];
    const one = await server.connect();
    const withHook = traits(one);
    one.destroy();
    await until(() => one.closed && server.sockets.size === 0);
    app.sweep();
    const ref = await (async () => {
      const socket = await server.connect();
      socket.destroy();
      await until(() => socket.closed && server.sockets.size === 0);
      return new WeakRef(socket);
    })();
    app.sweep();
    await collectGarbage();
    assert.equal(ref.deref(), undefined);
    app.detach();
    const bare = await server.connect();
    kept.push(bare);
    assert.deepEqual(withHook, traits(bare));
  });

  it('are left alone after detach', async () => {
    app.detach();
    kept.push(await server.connect());
    assert.equal(app.tally('socket').opened, 0);
    assert.ok(!Object.hasOwn(net.Socket.prototype.connect, 'outlive'));
  });
});
