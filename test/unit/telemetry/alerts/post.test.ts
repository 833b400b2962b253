import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownTimers } from '../../../../src/runtime/timers.ts';
import type { Outcome } from '../../../../src/telemetry/alerts/outcome.ts';
import { post } from '../../../../src/telemetry/alerts/post.ts';
import { deadUrl, type Manner, receiver } from './receiver.ts';

const wallMs = Date.UTC(2030, 0, 1);

const send = (url: string, timeoutMs = 5_000): Promise<Outcome> =>
  post(
    { url, headers: { 'x-one': '1' }, body: '{"a":1}' },
    { timeoutMs, wallMs: () => wallMs, setTimeout: ownTimers.setTimeout },
  );

test('a request arrives whole and is taken', async (t) => {
  const { url, received } = await receiver(t);
  assert.deepEqual(await send(`${url}/path?token=x`), { is: 'taken' });
  const [request] = received;
  assert.deepEqual([request?.path, request?.body], ['/path?token=x', '{"a":1}']);
  assert.equal(request?.headers['x-one'], '1');
  assert.equal(request?.headers['content-type'], 'application/json');
});

test('a port where nobody listens fails, and the reason names no URL', async () => {
  assert.deepEqual(await send(await deadUrl()), { is: 'failed', why: 'ECONNREFUSED' });
});

test('a receiver that speaks no TLS fails', async (t) => {
  const { port } = await receiver(t);
  assert.deepEqual(await send(`https://127.0.0.1:${port}/secret`), { is: 'failed', why: 'EPROTO' });
});

test('what is no URL fails', async () => {
  assert.deepEqual(await send('secret'), { is: 'failed', why: 'ERR_INVALID_URL' });
});

const drips: Manner = (_request, response) => {
  const drip = setInterval(() => response.socket?.write('x'), 20);
  response.socket?.on('close', () => clearInterval(drip));
  response.socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
};

const manners: Readonly<Record<string, readonly [Manner, Outcome]>> = {
  'never answers': [() => {}, { is: 'failed', why: 'ETIMEDOUT' }],
  'drips its headers': [drips, { is: 'failed', why: 'ETIMEDOUT' }],
  'resets the connection': [(request) => request.socket.resetAndDestroy(), { is: 'failed', why: 'ECONNRESET' }],
  'hangs up': [(request) => request.socket.end(), { is: 'failed', why: 'ECONNRESET' }],
  'answers with what is no HTTP': [
    (request) => request.socket.end('nonsense\r\n\r\n'),
    { is: 'failed', why: 'HPE_INVALID_CONSTANT' },
  ],
  'is out of service': [(_, response) => response.writeHead(503).end('secret'), { is: 'failed', why: 'HTTP 503' }],
  'asks for patience': [
    (_, response) => response.writeHead(429, { 'retry-after': '7' }).end(),
    { is: 'failed', why: 'HTTP 429', retryAfterMs: 7_000 },
  ],
  'asks for patience until a date': [
    (_, response) => response.writeHead(503, { 'retry-after': new Date(wallMs + 60_000).toUTCString() }).end(),
    { is: 'failed', why: 'HTTP 503', retryAfterMs: 60_000 },
  ],
  'asks for patience in nonsense': [
    (_, response) => response.writeHead(429, { 'retry-after': 'soon' }).end(),
    { is: 'failed', why: 'HTTP 429' },
  ],
  'does not know the path': [(_, response) => response.writeHead(404).end(), { is: 'refused', why: 'HTTP 404' }],
  'sends it elsewhere': [
    (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    { is: 'refused', why: 'HTTP 302' },
  ],
  'answers with broken JSON': [(_, response) => response.writeHead(202).end('{"status":'), { is: 'taken' }],
  'closes in the middle of its answer': [
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    },
    { is: 'taken' },
  ],
  'answers without end': [
    (_, response) => {
      const writing = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(writing));
    },
    { is: 'taken' },
  ],
};

for (const [name, [manner, outcome]] of Object.entries(manners)) {
  test(`a receiver that ${name}: ${outcome.is}`, async (t) => {
    const { url, received } = await receiver(t, manner);
    assert.deepEqual(await send(url, 300), outcome);
    assert.equal(received.length, 1);
  });
}
