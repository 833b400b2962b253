import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { prometheusNames } from '../../.ci/backend-dashboards/prometheus-names.ts';
import { eventually } from './ask.ts';
import { freePort } from './free-port.ts';
import { dashboardQueries } from './queries.ts';
import { type App, startApp } from './start-app.ts';

let app: App;
let metricsUrl: string;

before(async () => {
  const port = await freePort();
  metricsUrl = `http://127.0.0.1:${port}/metrics`;
  app = await startApp({
    file: 'apps/own-prometheus.mjs',
    service: 'own-prometheus',
    otlpUrl: '',
    env: { METRICS_PORT: String(port), OUTLIVE_RUNTIME_METRICS: 'on' },
  });
});
after(() => app?.stop());

/** Every series name that the app shows to a Prometheus. */
const exported = async (): Promise<Set<string>> => {
  const text = await (await fetch(metricsUrl)).text();
  return new Set([...text.matchAll(/^([a-z][\w:]*)[{ ]/gm)].map(([, name]) => name ?? ''));
};

test("through the app's own Prometheus exporter every metric has the name that the dashboards ask for", async () => {
  const names = await eventually(
    () => exported().catch(() => new Set<string>()),
    (seen) => seen.has('outlive_self_sweeps_total') && seen.has('outlive_resource_unreleased'),
    { withinMs: 60_000, what: 'metrics of outlive' },
  );
  const known = new Set(prometheusNames.map(({ jsExporter }) => jsExporter));
  const ours = [...names].filter((name) => /^(outlive|process|v8js|nodejs|http_server|db_client)_/.test(name));
  assert.ok(ours.length > 40, `${ours.length}`);
  assert.deepEqual(
    ours.filter((name) => !known.has(name)),
    [],
  );
});

test('the dashboards for it ask for nothing by a name with a unit', () => {
  const onlyOtlp = new Set(
    prometheusNames.filter(({ otlp, jsExporter }) => otlp !== jsExporter).map(({ otlp }) => otlp),
  );
  for (const { of, expr } of dashboardQueries('dashboards-js-exporter')) {
    const words = expr.match(/\w+/g) ?? [];
    for (const word of words) assert.ok(!onlyOtlp.has(word), `${of}: ${word}`);
  }
});
