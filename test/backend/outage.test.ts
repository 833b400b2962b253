import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, eventually } from './ask.ts';
import { askLoki } from './ask-loki.ts';
import { type Backends, startBackends } from './backends.ts';
import { type CuttableLine, cuttableLine } from './cuttable-line.ts';
import { type App, startApp } from './start-app.ts';

const outageMs = 6_000;

let backends: Backends;
let line: CuttableLine;
let shop: App;

before(async () => {
  backends = await startBackends({ withLoki: true });
  line = await cuttableLine(backends.collector.otlpUrl);
  shop = await startApp({
    file: '../process/telemetry/programs/traced.ts',
    service: 'shop',
    otlpUrl: line.url,
    // a finding that stands is told again twice a second, so that there is always something on its way
    env: { OUTLIVE_UPDATE_INTERVAL_MS: '500' },
  });
  await toldSince(Date.now() - 60_000, Date.now() + 60_000);
});
after(async () => {
  await shop?.stop();
  await line?.stop();
  await backends?.stop();
});

/** The findings' events of that time, once Loki has some. */
const toldSince = (fromMs: number, toMs: number) =>
  eventually(
    async () => {
      const entries = await askLoki(backends.loki?.url ?? '', '{service_name="shop"} | outlive_finding_id!=""');
      return entries.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs);
    },
    (entries) => entries.length > 0,
    { withinMs: 90_000, what: 'events in Loki' },
  );

/** Requests that the app has served, as Prometheus knows: `NaN` while it knows nothing. */
async function served(): Promise<number> {
  const [count] = await ask(backends.prometheus.url, 'sum(http_server_request_duration_seconds_count{job="shop"})');
  return count?.value ?? Number.NaN;
}

const residentMb = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** What must hold of any outage between two moments of the app's life. */
async function survives(outage: () => Promise<void>): Promise<void> {
  await eventually(served, (count) => count > 0, { what: 'requests before' });
  const servedBefore = await served();
  const rssBeforeMb = residentMb(shop.child.pid);
  const startedMs = Date.now();
  await outage();
  const endedMs = Date.now();

  const told = await toldSince(startedMs + 1_000, endedMs - 1_000);
  const heartbeats = (endedMs - startedMs - 2_000) / 500;
  assert.ok(told.length > heartbeats / 2, `${told.length} of about ${heartbeats} events`);
  assert.ok(told.every(({ labels }) => labels['service_name'] === 'shop'));
  await eventually(served, (count) => count > servedBefore, { what: 'requests after' });
  assert.equal(shop.child.exitCode, null, shop.output);
  assert.doesNotMatch(shop.output, /Uncaught|Unhandled|Error:/);
  const grownMb = residentMb(shop.child.pid) - rssBeforeMb;
  assert.ok(grownMb < 60, `the app grew by ${grownMb.toFixed(0)} MB`);
  const collectorMb = residentMb(backends.collector.pid);
  assert.ok(collectorMb < 400, `the Collector has ${collectorMb.toFixed(0)} MB`);
}

test('the network between app and Collector is cut: what was told meanwhile arrives, and the app goes on', () =>
  survives(async () => {
    line.cut();
    await delay(outageMs);
    line.mend();
  }));

test('the Collector is restarted: what was told meanwhile arrives, and the app goes on', () =>
  survives(() => backends.collector.restart(() => delay(outageMs))));

test('an app ends in good time while the network is cut', async () => {
  line.cut();
  await delay(1_500);
  const startedMs = Date.now();
  await shop.stop();
  assert.equal(shop.child.signalCode, null, 'it had to be killed');
  assert.ok(Date.now() - startedMs < 4_000, `${Date.now() - startedMs} ms`);
});
