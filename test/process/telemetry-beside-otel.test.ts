import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fixture } from './telemetry/fixture.ts';
import { otlpReceiver } from './telemetry/otlp-receiver.ts';
import { running } from './telemetry/run.ts';

const preloaded = `${import.meta.dirname}/telemetry/programs/preloaded.ts`;

const apps = {
  'otel-2': 'API 1.9 and SDK 2.x',
  'otel-3': 'API 1.10, SDK 3.x and every instrumentation',
} as const;

/** The app under `NodeSDK` with outlive's telemetry beside it, all of it sent to one collector. */
async function beside(t: TestContext, app: keyof typeof apps, env: Readonly<Record<string, string>>) {
  const receiver = await otlpReceiver(t);
  const { code, stdout, stderr } = await running(
    ['--import', preloaded, 'app.mjs'],
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_METRIC_EXPORT_TIMEOUT: '200',
      OTEL_BLRP_SCHEDULE_DELAY: '50',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_SERVICE_NAME: 'shop',
      OTEL_TRACES_EXPORTER: 'otlp',
      ...env,
    },
    fixture(app),
  ).ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^answered 20$/m);
  assert.doesNotMatch(stderr, /FAILED/);
  const ours = receiver.metrics.filter(({ scope }) => scope === 'outlive');
  const findings = receiver.records.filter(({ eventName }) => eventName === 'outlive.finding');
  const exportSpans = receiver.spans.filter(({ name, attributes }) =>
    /\/v1\/(metrics|logs|traces)/.test(JSON.stringify([name, attributes])),
  );
  return { ...receiver, stderr, ours, findings, exportSpans };
}

const instancesOf = (all: readonly { readonly resource: Readonly<Record<string, unknown>> }[]) =>
  new Set(all.map(({ resource }) => resource['service.instance.id']));

for (const [app, what] of Object.entries(apps) as [keyof typeof apps, string][]) {
  test(`${what}: its own providers are used, and no metric is doubled`, async (t) => {
    const { ours, findings, metrics, exportSpans, stderr, spans } = await beside(t, app, {
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
    });
    assert.match(stderr, /"metrics":\{"to":"app"\},"logs":\{"to":"app"\}/);
    assert.ok(ours.some(({ name }) => name === 'outlive.self.sweeps'));
    assert.equal(findings.length, 1);
    assert.equal(findings[0]?.traceId, '0af7651916cd43dd8448eb211c80319c');
    assert.equal(findings[0]?.attributes['code.line.number'], 12);
    assert.equal(instancesOf(metrics).size, 1, 'one provider');
    const elsewhere = new Set(metrics.filter(({ scope }) => scope !== 'outlive').map(({ name }) => name));
    assert.deepEqual(
      [...elsewhere].filter((name) => ours.some((metric) => metric.name === name)),
      [],
    );
    assert.ok(spans.length > 0);
    assert.deepEqual(exportSpans, []);
  });

  test(`${what}: providers that it sets late are moved over to`, async (t) => {
    const { ours, findings, stderr, exportSpans } = await beside(t, app, {
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      SDK_AFTER_MS: '2500',
    });
    assert.match(stderr, /routes: \{"metrics":\{"to":"otlp"/);
    assert.match(stderr, /rerouted: \{"metrics":\{"to":"app"\},"logs":\{"to":"app"\}\}/);
    const ways = ours
      .filter(({ name }) => name === 'outlive.self.sweeps')
      .map(({ resource }) => ('process.command' in resource ? 'app' : 'own'));
    assert.match(ways.join(' '), /^own( own)*( app)+$/, 'first ours, then the app’s, never both');
    assert.equal(findings.length, 1);
    assert.deepEqual(exportSpans, []);
  });

  test(`${what}: what it has no provider for goes our way, and its traces show nothing of that`, async (t) => {
    const { ours, findings, stderr, exportSpans, spans } = await beside(t, app, {});
    assert.match(stderr, /routes: \{"metrics":\{"to":"(otlp|app)"/);
    assert.ok(ours.length > 0);
    assert.equal(instancesOf(ours).size, 1);
    assert.equal(findings.length, 1);
    assert.ok(spans.length > 0);
    assert.deepEqual(exportSpans, []);
  });
}
