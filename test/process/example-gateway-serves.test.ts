import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const example = fileURLToPath(new URL('../../examples/llm-gateway/', import.meta.url));
const messages = [{ role: 'user' as const, content: 'hello' }];
const answer = /^A stream that nobody reads/;

let providers: ChildProcess;
let gateway: ChildProcess;
let dataDir: string;
let base: string;
let openai: OpenAI;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gateway-test-'));
  providers = fork(join(example, 'demo/provider-mock.mjs'));
  const [{ url }] = (await once(providers, 'message')) as [{ url: string }];
  gateway = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(example, 'gateway/main.mjs')], {
    env: { ...process.env, PORT: '0', DATA_DIR: dataDir, OPENAI_BASE_URL: `${url}/v1`, ANTHROPIC_BASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.ok(gateway.stdout);
  const [line] = (await once(createInterface(gateway.stdout), 'line')) as [string];
  base = /http:[^"]+/.exec(line)?.[0] ?? '';
  openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'gw-acme', maxRetries: 0 });
});

after(async () => {
  gateway.kill('SIGKILL');
  providers.kill();
  await rm(dataDir, { recursive: true, force: true });
});

const usage = async (key: string) => {
  const response = await fetch(`${base}/v1/usage`, { headers: { authorization: `Bearer ${key}` } });
  return (await response.json()) as { models: { model: string; requests: number; costMicrodollars: number }[] };
};

/** The worker writes the ledger turn by turn: asks until it is there. */
async function usageOf(key: string, model: string, requests: number) {
  for (let turn = 0; turn < 40; turn++) {
    const row = (await usage(key)).models.find((each) => each.model === model);
    if (row && row.requests >= requests) return row;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No ${requests} requests for ${model} in the ledger`);
}

test('the gateway answers a chat whole, from either provider, and writes what it cost to the ledger', async () => {
  for (const model of ['gpt-4o', 'claude-sonnet-5']) {
    const completion = await openai.chat.completions.create({ model, messages });
    assert.match(completion.choices[0]?.message.content ?? '', answer);
    assert.equal(completion.choices[0]?.finish_reason, 'stop');
    assert.equal(completion.usage?.total_tokens, 42 + 192);
    const row = await usageOf('gw-acme', model, 1);
    assert.ok(row.costMicrodollars > 0, `${model} cost nothing`);
  }
});

test('the gateway streams a chat from either provider in the chunks of OpenAI', async () => {
  for (const model of ['gpt-4o-mini', 'claude-haiku-5-5']) {
    let text = '';
    let finish: string | null | undefined;
    for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    assert.match(text, answer);
    assert.equal(finish, 'stop');
  }
  const transcripts = await readdir(join(dataDir, 'transcripts'));
  assert.equal(transcripts.length, 2);
});

test('the gateway hands the events of Anthropic through to a client that speaks its API', async () => {
  const anthropic = new Anthropic({ baseURL: base, apiKey: null, authToken: 'gw-acme', maxRetries: 0 });
  const stream = anthropic.messages.stream({ model: 'claude-sonnet-5', messages, max_tokens: 256 });
  assert.match(await stream.finalText(), answer);
});

test('the gateway embeds, and answers on the key of the tenant', async () => {
  const request = { model: 'text-embedding-3-small', input: ['one', 'two'], encoding_format: 'float' as const };
  const { data } = await openai.embeddings.create(request);
  assert.deepEqual(
    data.map(({ embedding }) => embedding.length),
    [256, 256],
  );
  const headers = { 'x-provider-key': 'sk-of-the-tenant' };
  const { choices } = await openai.chat.completions.create({ model: 'gpt-4o', messages }, { headers });
  assert.match(choices[0]?.message.content ?? '', answer);
});

test('the gateway charges a stream that its client drops for what was streamed until then', async () => {
  const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'gw-vault', maxRetries: 0 });
  const stream = await client.chat.completions.create({ model: 'gpt-4o', messages, stream: true });
  let chunks = 0;
  for await (const _ of stream) if (++chunks === 5) break;
  const row = await usageOf('gw-vault', 'gpt-4o', 1);
  assert.ok(row.costMicrodollars > 0 && row.costMicrodollars < 192 * 10, `charged ${row.costMicrodollars}`);
});

test('the gateway refuses unknown keys and bodies it cannot read, in the shape of OpenAI', async () => {
  const stranger = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'nobody', maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
  await assert.rejects(
    openai.chat.completions.create({ model: '', messages }),
    (error: unknown) => error instanceof OpenAI.BadRequestError && error.type === 'invalid_request_error',
  );
});

test('the gateway ends by itself when it is asked to', async () => {
  gateway.kill('SIGTERM');
  const [code] = (await once(gateway, 'exit')) as [number | null];
  assert.equal(code, 0);
});
