import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { prometheusNames } from '../../.ci/backend-dashboards/prometheus-names.ts';
import { eachNameIsKnown } from './answers.ts';
import { ask, eventually, type Sample } from './ask.ts';
import { askLoki } from './ask-loki.ts';
import { type App, startApp } from './start-app.ts';
import { type Collector, startCollector } from './start-collector.ts';
import { type Loki, startLoki } from './start-loki.ts';
import { type Prometheus, startPrometheus } from './start-prometheus.ts';

let folder: string;
let loki: Loki;
let collector: Collector;
let prometheus: Prometheus;
const apps: App[] = [];

const leaking = async (service: string, otlpUrl: string, env: Readonly<Record<string, string>>): Promise<void> => {
  const app = await startApp({ file: 'apps/leak-by-leak.mjs', service, otlpUrl, env });
  apps.push(app);
  app.child.send({ leak: 'first' });
};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outlive-direct-'));
  loki = await startLoki(folder);
  collector = await startCollector({ folder, findingsUrl: `${loki.url}/otlp/v1/logs` });
  prometheus = await startPrometheus({ folder, scraped: [collector.scrapeTarget], alertmanager: '127.0.0.1:9' });
  await leaking('straight', `${prometheus.url}/api/v1/otlp`, {
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: loki.otlpLogsUrl,
    OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=shops,service.instance.id=pod-7',
  });
  await leaking('deltas', collector.otlpUrl, { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' });
});
after(async () => {
  for (const app of apps) await app.stop();
  for (const program of [prometheus, collector, loki]) await program?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const answered = (query: string, holds: (samples: Sample[]) => boolean = (samples) => samples.length > 0) =>
  eventually(() => ask(prometheus.url, query), holds, { withinMs: 90_000, what: query });

test("straight to Prometheus' OTLP receiver, without a Collector: a leak is there, under the service and its instance", async () => {
  const [unreleased] = await answered('outlive_resource_unreleased{job="shops/straight"} > 0');
  assert.equal(unreleased?.labels['instance'], 'pod-7/' + apps[0]?.child.pid);
  assert.equal(unreleased.labels['outlive_resource_kind'], 'stream');
  await answered('job:outlive_resource_unreleased:sum{job="shops/straight"} > 0');
  await answered('rate(http_server_request_duration_seconds_count{job="shops/straight"}[10s]) > 0');
});

test('straight to Loki: the finding is there, with its line', async () => {
  const query = '{service_name="straight"} | outlive_finding_state="raised"';
  const [entry] = await eventually(
    () => askLoki(loki.url, query),
    (entries) => entries.length > 0,
    { withinMs: 60_000, what: query },
  );
  assert.match(entry?.labels['code_file_path'] ?? '', /leak-by-leak\.mjs$/);
});

test('deltas are added up by the Collector, and say the same', async () => {
  await answered('outlive_resource_unreleased{job="deltas"} > 0');
  const sweepsPerS = 'rate(outlive_self_sweeps_total{job=~".*(straight|deltas)"}[10s])';
  const rates = await answered(`${sweepsPerS} > 2`, (samples) => samples.length === 2);
  for (const { labels, value } of rates) assert.ok(value < 6, `${labels['job']}: ${value}`);
});

test('main thread, worker thread, fork and two cluster workers are five instances of one service', async () => {
  const program = await startApp({
    file: '../process/telemetry/programs/many-processes.ts',
    args: ['worker', 'fork', 'cluster'],
    service: 'many',
    otlpUrl: `${prometheus.url}/api/v1/otlp`,
    env: { OTEL_LOGS_EXPORTER: 'none' },
  });
  apps.push(program);
  const instances = (metric: string) =>
    `count by (job) (count by (job, instance) (last_over_time(${metric}{job="many"}[5m])))`;
  await answered(instances('outlive_self_sweeps_total'), ([count]) => count?.value === 5);
  await answered(instances('process_memory_usage_bytes'), ([count]) => count?.value === 4);
});

test('by both ways every metric has the same name', () =>
  eachNameIsKnown(
    prometheus.url,
    prometheusNames.map(({ otlp }) => otlp),
  ));
