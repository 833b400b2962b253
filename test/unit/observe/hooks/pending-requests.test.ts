import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import fastify from 'fastify';
import { PendingRequests } from '../../../../src/detect/pending-requests.ts';
import { PendingPlaces } from '../../../../src/lifetime/pending-places.ts';
import { httpServers } from '../../../../src/observe/hooks/http.ts';
import {
  isAnswered,
  pendingRequests,
  requestNameOf,
  requestSamples,
} from '../../../../src/observe/hooks/pending-requests.ts';
import { observed } from '../observed.ts';
import { chargesOf } from '../../detect/charges-of.ts';

let undo: (() => unknown)[] = [];
afterEach(() => {
  for (const fn of undo.splice(0)) fn();
});

/** A server under the hook, a detector that looks each sweep. */
async function served(handler: http.RequestListener) {
  const samples = requestSamples();
  const o = observed({ hooks: [pendingRequests(samples)] });
  const places = new PendingPlaces(() => true);
  const detector = new PendingRequests({ samples, places, nameOf: requestNameOf });
  const server = http.createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new http.Agent({ maxSockets: Infinity });
  undo.push(
    o.detach,
    () => agent.destroy(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { port } = server.address() as AddressInfo;
  return {
    samples,
    /** Sends a request and waits until the server has it. */
    async request(path: string): Promise<void> {
      const sent = http.get({ port, path, agent, host: '127.0.0.1' });
      sent.on('error', () => {});
      const heard = once(server, 'heard');
      sent.on('response', (response) => response.resume());
      await heard;
    },
    sweep() {
      o.sweep();
      return chargesOf(detector, o.ledger.sweepCount, o.ledger.nowMs);
    },
    server,
  };
}

test('pending requests: a handler that does not answer one path in two is accused, later answers resolve it', async () => {
  const waiting: http.ServerResponse[] = [];
  const { request, sweep, server } = await served((req, res) => {
    Object.assign(req, { route: { path: '/users/:id' } });
    if (req.url?.startsWith('/bad') === true) waiting.push(res);
    else res.end('ok');
    server.emit('heard');
  });
  let charges = sweep();
  for (let i = 0; i < 200 && charges.length === 0; i++) {
    if (i < 120 && i % 2 === 0) await request(i % 4 === 0 ? '/bad/1' : '/good/1');
    charges = sweep();
  }
  const { suspicion, whenGone } = charges[0] ?? assert.fail('no charge');
  assert.equal(suspicion.type, 'pending_task');
  assert.equal(suspicion.kind, 'http.request');
  assert.equal(suspicion.scopeName, 'GET /users/:id');
  assert.ok(suspicion.count >= 6 && suspicion.count <= waiting.length);
  for (const res of waiting) res.end('late');
  assert.deepEqual(sweep(), []);
  assert.equal(whenGone(), 'resolved');
});

test('pending requests: slow answers, streams that have begun and aborted requests are silent', async () => {
  const open: http.ServerResponse[] = [];
  const { request, sweep, server, samples } = await served((req, res) => {
    if (req.url === '/stream') res.writeHead(200).write('begun');
    else if (req.url === '/aborted') res.destroy();
    else open.push(res);
    server.emit('heard');
  });
  for (let i = 0; i < 150; i++) {
    if (i % 4 === 0) await request('/stream');
    if (i % 4 === 1) await request('/aborted');
    // answered 32 sweeps on: late, and one after the other
    if (i % 4 === 2) await request('/slow');
    if (open.length > 8) open.shift()?.end('at last');
    assert.deepEqual(sweep(), []);
  }
  assert.ok([...samples].some(({ cohorts }) => cohorts.some(({ late }) => late > 0)));
});

test('pending requests: whether it is answered is read from plain data', () => {
  const req = { method: 'PUT', route: { path: '/a/:b' } };
  assert.equal(isAnswered({ _header: null, destroyed: false, finished: false }), false);
  assert.equal(isAnswered({ _header: 'HTTP/1.1 200 OK' }), true);
  assert.equal(isAnswered({ destroyed: true }), true);
  assert.equal(isAnswered({ finished: true }), true);
  assert.equal(requestNameOf({ req }), 'PUT /a/:b');
  assert.equal(requestNameOf({ req: { method: 'SEARCH' } }), 'SEARCH *');
  assert.equal(requestNameOf({ req: { method: 'BREW' } }), 'OTHER *');
  assert.equal(requestNameOf({}), undefined);
});

test('pending requests: one is called by the route that Fastify tells', async () => {
  undo.push(observed({ hooks: [httpServers] }).detach);
  const server = fastify();
  let response: http.ServerResponse | undefined;
  server.get('/orders/:id', (_request, reply) => {
    response = reply.raw;
    return 'ok';
  });
  const origin = await server.listen({ port: 0, host: '127.0.0.1' });
  await fetch(`${origin}/orders/5`).then((answer) => answer.text());
  await server.close();
  assert.equal(requestNameOf(response ?? assert.fail()), 'GET /orders/:id');
});
