import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type Manner, otlpReceiver } from './telemetry/otlp-receiver.ts';
import { running } from './telemetry/run.ts';

const program = (name: string): string => `${import.meta.dirname}/telemetry/programs/${name}.ts`;

/** How a collector can be bad once it has the request. */
const manners: Readonly<Record<string, Manner>> = {
  'never answers': () => {},
  'resets the connection': (request) => void request.socket.resetAndDestroy(),
  'is out of service': (_request, response) => {
    response.writeHead(503, { 'retry-after': '2' });
    response.end();
  },
  'answers byte by byte': (_request, response) => {
    response.write('{');
    const drip = setInterval(() => response.write(' '), 100);
    response.on('close', () => clearInterval(drip));
  },
  'refuses what it gets': (_request, response) => {
    response.writeHead(400);
    response.end('<html>secret</html>');
  },
};

/** A port on which nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const often = { OTEL_METRIC_EXPORT_INTERVAL: '50', OTEL_BLRP_SCHEDULE_DELAY: '20' };

/** Code that V8 compiles meanwhile is up to 1.4 MB of heap and no record of ours. */
const withoutCompilers = ['--no-opt', '--no-maglev', '--no-sparkplug', '--no-flush-bytecode'];

async function endsAtOnce(url: string): Promise<void> {
  const { code, stdout, stderr } = await running([program('short')], { ...often, OTEL_EXPORTER_OTLP_ENDPOINT: url })
    .ended;
  assert.equal(code, 0, stderr);
  const [, exitMs] = /^exit (\d+)$/m.exec(stdout) ?? assert.fail(stdout);
  assert.ok(Number(exitMs) < 250, `the process was held open for ${exitMs} ms`);
}

async function costsNothing(url: string, through: boolean): Promise<void> {
  const args = [...withoutCompilers, program('bounded')];
  const { code, stdout, stderr } = await running(args, { ...often, OTEL_EXPORTER_OTLP_ENDPOINT: url }).ended;
  assert.equal(code, 0, stderr);
  const result = JSON.parse(stdout) as { grownBytes: number; through: boolean; shutdownMs: number; errors: string[] };
  assert.deepEqual(result.errors, []);
  assert.ok(result.grownBytes < 1_500_000, `${result.grownBytes} bytes more after 5,000 findings, of 1.2 kB each`);
  assert.ok(result.shutdownMs < 2_000, `a shutdown that was given 500 ms took ${result.shutdownMs}`);
  assert.equal(result.through, through);
  const lines = stderr.split('\n').filter((line) => line.includes('export of'));
  assert.ok(lines.length <= 1, lines.join('\n'));
  assert.doesNotMatch(stderr, /FAILED|secret/);
}

test('a collector that is dead neither holds the process open nor costs memory, and is told of once', async () => {
  await endsAtOnce(await deadUrl());
  await costsNothing(await deadUrl(), true);
});

for (const [name, manner] of Object.entries(manners)) {
  const hangs = name === 'never answers' || name === 'answers byte by byte';
  test(`a collector that ${name} neither holds the process open nor costs memory`, async (t) => {
    const receiver = await otlpReceiver(t, manner);
    await endsAtOnce(receiver.url);
    await costsNothing(receiver.url, !hangs);
  });
}

test('what a collector did not take for a while is sent when it is back', async (t) => {
  let refusals = 0;
  const receiver = await otlpReceiver(t, (request, response) => {
    const refused = request.url === '/v1/logs' && refusals++ === 0;
    response.writeHead(refused ? 503 : 200, { 'content-type': 'application/json' });
    response.end('{}');
  });
  const { code } = await running([program('own')], { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }).ended;
  assert.equal(code, 0);
  const states = receiver.records.map(({ attributes }) => attributes['outlive.finding.state']);
  assert.ok(states.filter((state) => state === 'raised').length >= 2, states.join());
  assert.equal(states.at(-1), 'resolved');
});

test('without a word of an exporter nothing of OpenTelemetry’s SDK is loaded and nothing is sent', async () => {
  const { code, stdout, stderr } = await running([
    '--import',
    `${import.meta.dirname}/telemetry/loaded-modules.ts`,
    program('short'),
  ]).ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /"metrics":\{"to":"nowhere","why":"no OTEL_EXPORTER_OTLP_ENDPOINT"\}/);
  assert.match(stdout, /^loaded \[\]$/m);
});
