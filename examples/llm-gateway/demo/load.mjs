// The clients, in a process of their own: many streams at a time, every third of them dropped in the middle.
import { setTimeout as delay } from 'node:timers/promises';

process.once('disconnect', () => process.exit());

const [base] = process.argv.slice(2);
const counts = { requests: 0, streams: 0, dropped: 0, open: 0, failed: 0 };
const runbook = 'Every Tuesday somebody restarts the gateway, and memory is flat again until Monday. '.repeat(200);
const messages = [
  { role: 'system', content: runbook },
  { role: 'user', content: 'Why does my gateway need a restart every Tuesday?' },
];

const every = (n) => {
  let turn = 0;
  return () => ++turn % n === 0;
};
const third = every(3);
const second = every(2);

const call = (method, path, { key = 'gw-acme', headers, body, signal } = {}) =>
  fetch(base + path, {
    method,
    signal,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });

async function plain(method, path, options) {
  const response = await call(method, path, options);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
}

/** Reads a stream to its end or, every third time, goes away after a few chunks. */
async function stream(path, body) {
  const client = new AbortController();
  const chunksUntilGone = third() ? 3 + Math.floor(Math.random() * 20) : Infinity;
  counts.streams += 1;
  counts.open += 1;
  try {
    const response = await call('POST', path, { body, signal: client.signal });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    let chunks = 0;
    for await (const _ of response.body) if (++chunks >= chunksUntilGone) client.abort();
  } catch (error) {
    if (!client.signal.aborted) throw error;
    counts.dropped += 1;
  } finally {
    counts.open -= 1;
  }
}

const chat = (model) => stream('/v1/chat/completions', { model, messages, stream: true });
const complete = (model, headers) => plain('POST', '/v1/chat/completions', { headers, body: { model, messages } });
const embed = (key) =>
  plain('POST', '/v1/embeddings', { key, body: { model: 'text-embedding-3-small', input: ['one', 'two'] } });

/**
 * What the clients do: how many do it, from when on, and how often each, where the answer to the one before is there by
 * then. Tenants with a key of their own come when the others are at work.
 */
const habits = [
  { clients: 18, everyMs: 100, act: () => chat(second() ? 'gpt-4o' : 'claude-sonnet-5') },
  {
    clients: 8,
    everyMs: 100,
    act: () => stream('/v1/messages', { model: 'claude-sonnet-5', messages: messages.slice(1), max_tokens: 512 }),
  },
  { clients: 2, everyMs: 600, act: () => complete('claude-sonnet-5') },
  { clients: 6, fromMs: 3_000, everyMs: 500, act: () => complete('gpt-4o', { 'x-provider-key': 'sk-of-the-tenant' }) },
  { clients: 2, everyMs: 400, act: () => embed('gw-acme') },
  { clients: 3, everyMs: 350, act: () => embed('gw-vault') },
  { clients: 1, everyMs: 250, act: () => plain('GET', '/healthz') },
  { clients: 1, everyMs: 500, act: () => plain('GET', '/v1/models') },
  { clients: 1, everyMs: 1_000, act: () => plain('GET', '/v1/usage') },
];

/** Waits at random around the mean, as people do. */
const pause = (meanMs) => delay(-Math.log(1 - Math.random()) * meanMs);

/** One client, for as long as the load lasts. */
async function keepAt({ fromMs = 0, everyMs, act }) {
  await delay(fromMs);
  await pause(everyMs);
  for (;;) await Promise.all([pause(everyMs), once(act)]);
}

async function once(act) {
  counts.requests += 1;
  try {
    await act();
  } catch (error) {
    counts.failed += 1;
    process.send({ error: error.cause?.message ?? error.message });
  }
}

for (const habit of habits) for (let i = 0; i < habit.clients; i++) void keepAt(habit);
setInterval(() => process.send({ counts }), 500);
