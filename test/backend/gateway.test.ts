import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, eventually } from './ask.ts';
import { type Collector, startCollector } from './start-collector.ts';
import { type Gateway, startGateway } from './start-gateway.ts';
import { type Prometheus, startPrometheus } from './start-prometheus.ts';

const folder = mkdtempSync(join(tmpdir(), 'outlive-backend-'));
let collector: Collector;
let prometheus: Prometheus;
let gateway: Gateway;

before(async () => {
  collector = await startCollector('http://127.0.0.1:1/otlp/v1/logs');
  prometheus = await startPrometheus({ folder, scrapeTarget: collector.scrapeTarget, alertmanager: '127.0.0.1:1' });
  gateway = await startGateway({ folder, otlpUrl: collector.otlpUrl, leaking: true });
});
after(async () => {
  await gateway?.stop();
  await prometheus?.stop();
  await collector?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('unreleased resources by kind: what the gateway leaks is answered by PromQL', async () => {
  const unreleased = await eventually(
    () => ask(prometheus.url, 'sum by (job, outlive_resource_kind) (outlive_resource_unreleased) > 0'),
    (samples) => samples.some(({ labels }) => labels['outlive_resource_kind'] === 'stream'),
    { withinMs: 60_000, what: 'unreleased streams' },
  );
  assert.ok(
    unreleased.every(({ labels }) => labels['job'] === 'llm-gateway'),
    JSON.stringify(unreleased),
  );
});
