import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { exportChecks } from '../../../../src/cli/doctor/export.ts';

let server: Server;
let url = '';
let answer = 200;
let seen: { path: string; headers: IncomingHttpHeaders }[] = [];

before(async () => {
  server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers });
    request.resume().on('end', () => response.writeHead(answer).end('{}'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  answer = 200;
  seen = [];
});
after(() => {
  server.close();
  server.closeAllConnections();
});

describe('doctor: export', () => {
  it('posts an empty OTLP request to both signals, with the headers', async () => {
    const checks = await exportChecks({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b' });
    assert.deepEqual(
      checks.map(({ status }) => status),
      ['ok', 'ok'],
    );
    assert.deepEqual(seen.map(({ path }) => path).toSorted(), ['/v1/logs', '/v1/metrics']);
    assert.equal(seen[0]?.headers['x-key'], 'a b');
  });

  it('takes the endpoint of a signal as it is', async () => {
    const [metrics] = await exportChecks({
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${url}/in`,
      OTEL_LOGS_EXPORTER: 'none',
    });
    assert.equal(metrics?.status, 'ok');
    assert.deepEqual(
      seen.map(({ path }) => path),
      ['/in'],
    );
  });

  it('fails where an endpoint that was set refuses, and says what to set', async () => {
    answer = 401;
    const [metrics] = await exportChecks({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    assert.equal(metrics?.status, 'failed');
    assert.match(metrics.seen, /answered 401/);
    assert.match(String(metrics.remedy), /OTEL_EXPORTER_OTLP_HEADERS/);
  });

  it('fails where nobody listens', async () => {
    const closed = createServer();
    await once(closed.listen(0, '127.0.0.1'), 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const [metrics] = await exportChecks({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    assert.equal(metrics?.status, 'failed');
    assert.match(metrics.seen, /ECONNREFUSED/);
  });

  it('shows neither user nor query of an endpoint', async () => {
    const [metrics] = await exportChecks({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${url}/in?token=s3cret` });
    assert.doesNotMatch(JSON.stringify(metrics), /s3cret/);
  });

  it('warns where no endpoint is set: then nothing is exported', async () => {
    const [metrics] = await exportChecks({});
    assert.equal(metrics?.status, 'warning');
    assert.match(metrics.seen, /no OTEL_EXPORTER_OTLP_ENDPOINT/);
  });

  it('fails on headers that cannot be read, without showing them', async () => {
    const [metrics] = await exportChecks({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: 'k=s3%zz' });
    assert.equal(metrics?.status, 'failed');
    assert.doesNotMatch(JSON.stringify(metrics), /s3%/);
  });

  it('warns of gRPC', async () => {
    const checks = await exportChecks({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    assert.match(String(checks[2]?.seen), /grpc/);
  });

  it('asks nobody where export is off', async () => {
    const checks = await exportChecks({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'true' });
    assert.deepEqual(
      checks.map(({ status }) => status),
      ['skipped', 'skipped'],
    );
    assert.equal(seen.length, 0);
  });
});
