import assert from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import type { Server } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fastify from 'fastify';
import { httpServers } from '../../../../src/observe/hooks/http.ts';
import { observed } from '../observed.ts';
import { served, until } from '../served.ts';

let app: ReturnType<typeof observed>;
let close: (() => Promise<void>) | undefined;
beforeEach(() => {
  app = observed({ hooks: [httpServers] });
});
afterEach(async () => {
  await close?.();
  close = undefined;
  app.sweep();
  app.detach();
});

async function serve(server: Server) {
  const open = await served(server);
  close = open.close;
  return open;
}

const told = () =>
  [...app.ledger.requestTimes.routes].flatMap(({ name, series }) =>
    [...series].map(({ status, finished, count }) => [name, status, finished, count] as const),
  );
const active = (): number => [...app.ledger.requestTimes.active()].reduce((sum, { count }) => sum + count, 0);

describe('http: how long requests take', () => {
  it('is told by route and status', async () => {
    const server = fastify();
    server.get('/orders/:id', (_request, reply) => reply.code(201).send('made'));
    await server.ready();
    const { get } = await serve(server.server);
    await get('/orders/1');
    await get('/orders/2');
    await get('/nowhere');
    await until(() => active() === 0);
    assert.deepEqual(told(), [
      ['GET /orders/:id', 201, true, 2],
      ['GET *', 404, true, 1],
    ]);
    await server.close();
  });

  it('of a client that went away has the status that was sent, or none', async () => {
    const { connect } = await serve(
      http.createServer((request, response) => {
        if (request.url === '/begun') response.writeHead(200).write('x');
      }),
    );
    for (const path of ['/begun', '/silent']) {
      const socket = await connect();
      socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
      await until(() => active() === 1);
      if (path === '/begun') await new Promise((resolve) => socket.once('data', resolve));
      socket.destroy();
      await until(() => active() === 0);
    }
    assert.deepEqual(told(), [
      ['GET *', 200, false, 1],
      ['GET *', 0, false, 1],
    ]);
  });

  it('is told of HTTP/2, by stream and by request', async () => {
    const server = http2.createServer((request, response) => {
      if (request.url === '/request') response.writeHead(202).end();
    });
    server.on('stream', (stream, headers) => {
      if (headers[':path'] === '/stream') stream.respond({ ':status': 204 }, { endStream: true });
    });
    const { port } = await serve(server);
    const session = http2.connect(`http://127.0.0.1:${port}`);
    for (const path of ['/request', '/stream']) {
      const stream = session.request({ ':path': path });
      await new Promise((resolve) => stream.on('close', resolve).resume().end());
    }
    await until(() => active() === 0);
    const answers = new Set(told().map(([, status, finished]) => `${status} ${finished}`));
    assert.deepEqual(answers, new Set(['202 true', '204 true']));
    session.close();
  });
});
