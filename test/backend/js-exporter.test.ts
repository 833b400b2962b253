import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { prometheusNames } from '../../.ci/backend-dashboards/prometheus-names.ts';
import { eachDashboardAnswers, eachNameIsKnown, eachRuleReads } from './answers.ts';
import { ask, eventually } from './ask.ts';
import { freePorts } from './free-port.ts';
import { dashboardQueries } from './queries.ts';
import { type App, startHeapFiller } from './start-app.ts';
import { type Gateway, startGateway } from './start-gateway.ts';
import { type Prometheus, startPrometheus } from './start-prometheus.ts';

const nowhere = 'http://127.0.0.1:9';
const preload = new URL('apps/js-exporter.mjs', import.meta.url).href;

let folder: string;
let prometheus: Prometheus;
let gateway: Gateway;
let filler: App;

/** The app's provider is used, so nothing goes by OTLP. */
const withExporter = (port: number | undefined) => ({
  METRICS_PORT: String(port),
  NODE_OPTIONS: `--import=${preload}`,
  OUTLIVE_RUNTIME_METRICS: 'on',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
});

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outlive-js-exporter-'));
  const ports = await freePorts(2);
  prometheus = await startPrometheus({
    folder,
    config: 'prometheus-js-exporter.yml',
    scraped: ports.map((port) => `127.0.0.1:${port}`),
    alertmanager: '127.0.0.1:9',
  });
  gateway = await startGateway({ folder, otlpUrl: nowhere, leaking: true, env: withExporter(ports[0]) });
  filler = await startHeapFiller({ otlpUrl: nowhere, env: withExporter(ports[1]) });
});
after(async () => {
  await filler?.stop();
  await gateway?.stop();
  await prometheus?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const patienceMs = 90_000;

test("through the app's own Prometheus exporter memory is told to run out, and an alert is pending, then fires", async () => {
  const answered = (query: string) =>
    eventually(
      () => ask(prometheus.url, query),
      (samples) => samples.length > 0,
      { withinMs: patienceMs, what: query },
    );
  await answered('job:outlive_memory_exhaustion:hours{job="my-service"} < 6');
  await answered('ALERTS{alertname="OutliveMemoryExhaustionSoon", alertstate="firing"}');
  await answered('fleet:outlive_instances_by_memory_used:count{used_percent=~"80|90"}');
  await answered('outlive_finding_suppressed_total > 0');
  // so that a finding is resolved
  filler.child.send('let go');
});

test('every query of every dashboard made for it finds something', () =>
  eachDashboardAnswers(prometheus.url, 'dashboards-js-exporter', patienceMs));

test('every rule made for it records and reads something', () => eachRuleReads(prometheus.url, patienceMs));

test('every metric has the name that they ask for, without a unit', async () => {
  await eachNameIsKnown(
    prometheus.url,
    prometheusNames.map(({ jsExporter }) => jsExporter),
  );
  const onlyOtlp = new Set(
    prometheusNames.filter(({ otlp, jsExporter }) => otlp !== jsExporter).map(({ otlp }) => otlp),
  );
  for (const { of, expr } of dashboardQueries('dashboards-js-exporter')) {
    const words = expr.match(/\w+/g) ?? [];
    for (const word of words) assert.ok(!onlyOtlp.has(word), `${of}: ${word}`);
  }
});
