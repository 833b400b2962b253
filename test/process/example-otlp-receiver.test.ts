import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

interface LogRecord {
  eventName: string;
  attributes: Record<string, unknown>;
}
interface Receiver {
  url: string;
  received: { metricPosts: number; logRecords: number; refused: number; metricNames: Set<string> };
  close(): Promise<void>;
}
interface Relay {
  endpoints: string[];
  sent: number;
  failed: number;
  idle(): Promise<unknown>;
}

const demo = (file: string) => import(new URL(`../../examples/llm-gateway/demo/${file}`, import.meta.url).href);
const { startOtlpReceiver }: { startOtlpReceiver: (options: object) => Promise<Receiver> } =
  await demo('otlp-receiver.mjs');
const { otlpRelayFrom }: { otlpRelayFrom: (env: object) => Relay | undefined } = await demo('otlp-relay.mjs');

const json = { 'content-type': 'application/json' };
const metrics = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'outlive.self.sweeps' }] }] }] };
const logs = {
  resourceLogs: [
    {
      scopeLogs: [
        {
          logRecords: [
            {
              eventName: 'outlive.finding',
              attributes: [
                { key: 'outlive.finding.id', value: { stringValue: 'a1' } },
                { key: 'outlive.finding.count', value: { intValue: '12' } },
                { key: 'outlive.finding.age', value: { doubleValue: 1.5 } },
              ],
            },
          ],
        },
      ],
    },
  ],
};

async function post(url: string, body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = json) {
  const response = await fetch(url, { method: 'POST', body, headers }).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.status;
}

test('the receiver takes metrics and log records, plain and zipped, and hands records on with plain attributes', async () => {
  const records: LogRecord[] = [];
  const receiver = await startOtlpReceiver({ onLogRecord: (record: LogRecord) => records.push(record) });
  const zipped = { ...json, 'content-encoding': 'gzip' };
  assert.equal(await post(`${receiver.url}/v1/metrics`, JSON.stringify(metrics)), 200);
  assert.equal(await post(`${receiver.url}/v1/logs`, gzipSync(JSON.stringify(logs)), zipped), 200);
  assert.deepEqual([...receiver.received.metricNames], ['outlive.self.sweeps']);
  assert.deepEqual(records, [
    {
      eventName: 'outlive.finding',
      attributes: { 'outlive.finding.id': 'a1', 'outlive.finding.count': 12, 'outlive.finding.age': 1.5 },
    },
  ]);
  await receiver.close();
});

test('the receiver refuses what is no OTLP in JSON, and bodies without end', async () => {
  const receiver = await startOtlpReceiver({ onLogRecord: () => assert.fail('nothing of this is a record') });
  assert.equal(await post(`${receiver.url}/v1/traces`, '{}'), 404);
  assert.equal(await post(`${receiver.url}/v1/logs`, '{}', { 'content-type': 'application/x-protobuf' }), 415);
  assert.equal(await post(`${receiver.url}/v1/logs`, 'not json'), 400);
  const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));
  assert.equal(await post(`${receiver.url}/v1/logs`, bomb, { ...json, 'content-encoding': 'gzip' }), 400);
  const large = await post(`${receiver.url}/v1/logs`, Buffer.alloc(9 * 1024 * 1024));
  assert.ok(large === 413 || large === undefined, `answered ${large}`);
  assert.equal(receiver.received.refused, 5);
  await receiver.close();
});

test('the relay passes each post on as it came, and a dead endpoint costs nothing but its count', async () => {
  const seen: { path: string | undefined; key: unknown; bytes: number }[] = [];
  const collector = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => {
      seen.push({ path: request.url, key: request.headers['x-key'], bytes });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const relay = otlpRelayFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  assert.ok(relay);
  const receiver = await startOtlpReceiver({ onLogRecord: () => undefined, relay });
  const body = JSON.stringify(metrics);
  await post(`${receiver.url}/v1/metrics`, body, { ...json, 'x-key': 'secret' });
  await relay.idle();
  assert.deepEqual(seen, [{ path: '/v1/metrics', key: 'secret', bytes: body.length }]);

  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  assert.equal(await post(`${receiver.url}/v1/metrics`, body), 200);
  await relay.idle();
  assert.deepEqual([relay.sent, relay.failed], [1, 1]);
  await receiver.close();
});

test('without an endpoint in the environment nothing is passed on', () => {
  assert.equal(otlpRelayFrom({}), undefined);
});
