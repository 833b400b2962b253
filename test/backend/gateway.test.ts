import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { prometheusNames } from '../../.ci/backend-dashboards/prometheus-names.ts';
import { eachDashboardAnswers, eachNameIsKnown, eachRuleReads } from './answers.ts';
import { ask, eventually, type Sample } from './ask.ts';
import { type Backends, startBackends } from './backends.ts';
import { type App, startHeapFiller } from './start-app.ts';
import { type Gateway, startGateway } from './start-gateway.ts';

let backends: Backends;
let gateway: Gateway;
let filler: App;

before(async () => {
  backends = await startBackends({ withLoki: false });
  const { folder, collector } = backends;
  gateway = await startGateway({ folder, otlpUrl: collector.otlpUrl, leaking: true });
  filler = await startHeapFiller({ otlpUrl: collector.otlpUrl });
});
after(async () => {
  await filler?.stop();
  await gateway?.stop();
  await backends?.stop();
});

const answer = (query: string) => ask(backends.prometheus.url, query);

/** The answer to a query, once it is as it should be. */
const answered = (query: string, holds: (samples: Sample[]) => boolean, withinMs = 90_000) =>
  eventually(() => answer(query), holds, { withinMs, what: query });

const some = (samples: Sample[]): boolean => samples.length > 0;

test('unreleased resources by kind', async () => {
  const planted = ['client', 'generator', 'stream', 'timer'];
  const samples = await answered(
    'sum by (job, outlive_resource_kind) (outlive_resource_unreleased{job="llm-gateway"}) > 0',
    (found) => planted.every((kind) => found.some(({ labels }) => labels['outlive_resource_kind'] === kind)),
  );
  for (const { labels } of samples) assert.equal(labels['job'], 'llm-gateway');
});

test('the growth of a queue and its time to capacity', async () => {
  const [growth] = await answered('outlive_queue_growth_rate_per_second{outlive_queue_name="billing"} > 0', some);
  const [left] = await answered('job:outlive_queue_time_to_capacity:seconds{outlive_queue_name="billing"}', some);
  const [room] = await answered('outlive_queue_capacity{outlive_queue_name="billing"} - outlive_queue_size', some);
  const estimateS = (room?.value ?? 0) / (growth?.value ?? 1);
  assert.ok(left !== undefined && left.value > estimateS / 3 && left.value < estimateS * 3, `${left?.value} s`);
});

test('leaked clients', async () => {
  await answered('outlive_resource_unreleased{job="llm-gateway", outlive_resource_kind="client"} > 0', some);
});

test('garbage collection: the share of the time, and requests slowed', async () => {
  const [share] = await answered('instance:outlive_gc_time:ratio_rate5m{job="llm-gateway"} > 0', some);
  assert.ok(share !== undefined && share.value < 1, `${share?.value}`);
  await answered('outlive_gc_slow_requests_total{job="llm-gateway"}', some);
});

test('the growth of memory and its time to exhaustion', async () => {
  const [rate] = await answered('outlive_memory_growth_rate_bytes_per_second{job="heap-filler"} > 5e5', some);
  assert.ok(rate !== undefined && rate.value < 20e6, `${rate?.value} bytes a second`);
  const [hours] = await answered('job:outlive_memory_exhaustion:hours{job="heap-filler"}', some);
  assert.ok(hours !== undefined && hours.value < 0.1, `${hours?.value} hours`);
  await answered('instance:outlive_memory_used:ratio{job="heap-filler"} > 0.8', some);
});

/** The route by which each alert is to come, of those that this run is about. */
const routes: Readonly<Record<string, '/tickets' | '/pages'>> = {
  OutliveUnreleasedGrowing: '/tickets',
  OutliveLeakedClients: '/tickets',
  OutliveQueueFullSoon: '/pages',
  OutliveMemoryExhaustionSoon: '/pages',
};

const firstSeen = async (alertname: string, state: 'pending' | 'firing'): Promise<number> => {
  const query = `min(min_over_time(timestamp(ALERTS{alertname="${alertname}", alertstate="${state}"})[10m:1s]))`;
  const [first] = await answer(query);
  return first?.value ?? Infinity;
};

test('each alert is pending, then fires, and leaves Alertmanager by its route', async () => {
  const { alertReceiver, alertmanager } = backends;
  for (const [alertname, path] of Object.entries(routes)) {
    await answered(`ALERTS{alertname="${alertname}", alertstate="firing"}`, some);
    const [pending, firing] = [await firstSeen(alertname, 'pending'), await firstSeen(alertname, 'firing')];
    assert.ok(pending < firing, `${alertname}: pending at ${pending}, firing at ${firing}`);
    const isIt = ({ labels }: { labels: Readonly<Record<string, string>> }) => labels['alertname'] === alertname;
    await eventually(
      async () => (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as Sample[],
      (alerts) => alerts.some(isIt),
      { what: `${alertname} in Alertmanager` },
    );
    await eventually(
      async () => alertReceiver.notifications.map(({ alerts, ...rest }) => ({ ...rest, alerts: alerts.filter(isIt) })),
      (told) => told.some((one) => one.path === path && one.status === 'firing' && one.alerts.length > 0),
      { what: `${alertname} at ${path}` },
    );
  }
});

test('each alert is resolved once the leaks are mended', async () => {
  await answered('outlive_finding_suppressed_total{job="heap-filler"} > 0', some);
  filler.child.send('let go');
  await answered('outlive_finding_resolved_total{job="heap-filler"} > 0', some);
  await gateway.stop();
  const { folder, collector, alertReceiver } = backends;
  gateway = await startGateway({ folder, otlpUrl: collector.otlpUrl, leaking: false });
  for (const alertname of Object.keys(routes)) {
    await answered(`ALERTS{alertname="${alertname}"}`, (samples) => samples.length === 0);
    await eventually(
      async () => alertReceiver.notifications.flatMap(({ alerts }) => alerts),
      (alerts) => alerts.some(({ status, labels }) => status === 'resolved' && labels['alertname'] === alertname),
      { what: `${alertname} resolved at the receiver` },
    );
  }
});

test('every query of every dashboard finds something', () =>
  eachDashboardAnswers(backends.prometheus.url, 'dashboards'));

test('every recording rule records something, and every alert reads something', () =>
  eachRuleReads(backends.prometheus.url));

test('every metric has the name that the dashboards ask for', () =>
  eachNameIsKnown(
    backends.prometheus.url,
    prometheusNames.map(({ otlp }) => otlp),
  ));

test('a process has no more series than both budgets allow', async () => {
  const ours = '{__name__=~"(outlive|process|v8js|nodejs|http_server|db_client)_.*"}';
  const counts = await answer(`max_over_time((count by (job, instance) (${ours}))[10m:1s])`);
  assert.ok(counts.length >= 2);
  for (const { labels, value } of counts) assert.ok(value <= 300, `${labels['job']}: ${value}`);
});

test('no process at all is an alert of its own, and over when one reports again', async () => {
  await filler.stop();
  await gateway.stop();
  await answered('ALERTS{alertname="OutliveAbsent", alertstate="firing"}', some);
  const { folder, collector } = backends;
  gateway = await startGateway({ folder, otlpUrl: collector.otlpUrl, leaking: false });
  await answered('ALERTS{alertname="OutliveAbsent"}', (samples) => samples.length === 0);
});
