import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const demoFile = fileURLToPath(new URL('../../examples/llm-gateway/demo.mjs', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly out: string;
}

/** Runs the demo to its end; `onOut` sees everything printed so far, each time more comes. */
function demo(args: string[], { env = {}, onOut }: { env?: object; onOut?: Watcher } = {}): Promise<Run> {
  const child = spawn(process.execPath, [demoFile, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  const take = (chunk: Buffer) => {
    out += chunk.toString();
    onOut?.(out, () => child.kill('SIGINT'));
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, out })));
}
type Watcher = (out: string, interrupt: () => void) => void;

/** What the load does in a second on a machine with a core to spare is about 53. */
const requestsASecond = 40;

test('the demo names every planted leak at its line within 40 s, and nothing else', async () => {
  const seconds = 75;
  const { code, out } = await demo(['--seconds', String(seconds)]);
  assert.match(out, /7 of 7 leaks named at their line/, out);
  assert.match(out, /Elsewhere nothing stands/, out);
  const afterS = [...out.matchAll(/✔ .* after (\d+) s/g)].map(([, after]) => Number(after));
  const requests = Number(/^Load +([\d,]+) requests/m.exec(out)?.[1]?.replaceAll(',', ''));
  // a machine that is busy with something else has its seconds longer, and its sweeps with them
  const limitS = requests >= requestsASecond * seconds ? 40 : seconds;
  assert.ok(afterS.length >= 7 && Math.max(...afterS) <= limitS, out);
  assert.equal(code, 0, out);
});

test('the demo finds nothing on the healthy gateway, and passes what is exported on to the endpoint it is told', async () => {
  const posts = new Map<string | undefined, number>();
  const collector = createServer((request, response) => {
    posts.set(request.url, (posts.get(request.url) ?? 0) + 1);
    request.resume().on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

  const { code, out } = await demo(['--healthy', '--seconds', '30'], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
  });
  collector.close();
  collector.closeAllConnections();
  assert.match(out, /Nothing was planted and nothing was found/, out);
  assert.equal(code, 0, out);
  assert.ok((posts.get('/v1/metrics') ?? 0) >= 3, `${posts.get('/v1/metrics')} metric posts`);
});

test('Ctrl-C ends the demo and every process of it', async () => {
  let gateway: string | undefined;
  const { code } = await demo(['--seconds', '60'], {
    onOut: (out, interrupt) => {
      gateway ??= /gateway (http:\S+)/.exec(out)?.[1];
      if (gateway) interrupt();
    },
  });
  assert.equal(code, 130);
  await assert.rejects(fetch(`${gateway}/healthz`));
});

test('the demo refuses what it does not know, and says what it knows', async () => {
  for (const args of [['--leak', 'sockets'], ['--seconds', 'many'], ['--healthy', '--leak', 'queue'], ['--fast']]) {
    const { code, out } = await demo(args);
    assert.equal(code, 2);
    assert.match(out, /npm start -- --leak queue/);
  }
});
