import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, eventually } from './ask.ts';
import { askLoki } from './ask-loki.ts';
import { type CuttableLine, cuttableLine } from './cuttable-line.ts';
import { type App, startApp } from './start-app.ts';
import { type Collector, startCollector } from './start-collector.ts';
import { type Loki, startLoki } from './start-loki.ts';
import { type Prometheus, startPrometheus } from './start-prometheus.ts';

const outageMs = 6_000;

let folder: string;
let loki: Loki;
let collector: Collector;
let prometheus: Prometheus;
let app: App;
/** Between app and Collector, and between Collector and Loki. */
let line: CuttableLine;
let lokiLine: CuttableLine;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outlive-outage-'));
  loki = await startLoki(folder);
  lokiLine = await cuttableLine(loki.url);
  collector = await startCollector({ folder, findingsUrl: `${lokiLine.url}/otlp/v1/logs` });
  prometheus = await startPrometheus({ folder, scraped: [collector.scrapeTarget], alertmanager: '127.0.0.1:9' });
  line = await cuttableLine(collector.otlpUrl);
  app = await startApp({
    file: 'apps/leak-by-leak.mjs',
    service: 'shop',
    otlpUrl: line.url,
    // a finding that stands is told again twice a second, so that there is always something on its way
    env: { OUTLIVE_UPDATE_INTERVAL_MS: '500' },
  });
});
after(async () => {
  await app?.stop();
  await line?.stop();
  await lokiLine?.stop();
  for (const program of [prometheus, collector, loki]) await program?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Record {
  /** All that outlive has told of the app so far, as its `onFinding` heard it. */
  readonly told: readonly { readonly id: string; readonly state: string; readonly timeMs: number }[];
  readonly served: number;
  readonly failed: number;
}

/** Tells the app to do something, and gets its own record of what has been. */
async function say(what: { leak?: string; mend?: string; rest?: boolean }): Promise<Record> {
  const answer = once(app.child, 'message') as Promise<[Record]>;
  app.child.send(what);
  return (await answer)[0];
}

const toldUntil = (holds: (told: Record['told']) => boolean, what: string) =>
  eventually(
    () => say({}),
    ({ told }) => holds(told),
    { withinMs: 120_000, what: `the app is told of ${what}` },
  );
const isRaised = (count: number) => (told: Record['told']) =>
  new Set(told.filter(({ state }) => state === 'raised').map(({ id }) => id)).size >= count;
/** Streams that are closed after all are no leak any more: it is taken back, or over. */
const isOver = (told: Record['told']) => told.some(({ state }) => state === 'retracted' || state === 'resolved');

/** What Loki has of it: what was sent twice, for its answer was lost, counts once. */
async function arrived(): Promise<Set<string>> {
  const entries = await askLoki(loki.url, '{service_name="shop"} | outlive_finding_id!=""');
  return new Set(
    entries.map(
      ({ labels, timeMs }) =>
        `${labels['outlive_finding_id']} ${labels['outlive_finding_state']} ${Math.round(timeMs)}`,
    ),
  );
}

const valueOf = async (query: string): Promise<number> => (await ask(prometheus.url, query))[0]?.value ?? Number.NaN;
const servedQuery = 'sum(http_server_request_duration_seconds_count{job="shop"})';
const residentMb = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Whatever was told until now is in Loki, each event of it, and each request in Prometheus. */
async function allArrives(): Promise<void> {
  const { told, served } = await say({});
  await eventually(
    async () => {
      const there = await arrived();
      return told.map(({ id, state, timeMs }) => `${id} ${state} ${timeMs}`).filter((event) => !there.has(event));
    },
    (missing) => missing.length === 0,
    { withinMs: 60_000, what: `of ${told.length} events missing in Loki` },
  );
  await eventually(
    () => valueOf(servedQuery),
    (count) => count >= served,
    { what: `of ${served} requests in Prometheus` },
  );
}

/** What must hold of any outage. */
async function survives(outage: () => Promise<void>): Promise<void> {
  await allArrives();
  const atFirst = await say({});
  const rssBeforeMb = residentMb(app.child.pid);
  await outage();
  const afterwards = await say({});
  assert.ok(afterwards.told.length - atFirst.told.length >= 6, 'there was something to lose');
  await allArrives();
  assert.equal(afterwards.failed, 0);
  assert.ok(afterwards.served > atFirst.served);
  assert.equal(app.child.exitCode, null, app.output);
  assert.doesNotMatch(app.output, /Uncaught|Unhandled|Error:/);
  const grownMb = residentMb(app.child.pid) - rssBeforeMb;
  assert.ok(grownMb < 60, `the app grew by ${grownMb.toFixed(0)} MB`);
  const collectorMb = residentMb(collector.pid);
  assert.ok(collectorMb < 400, `the Collector has ${collectorMb.toFixed(0)} MB`);
}

test('before: a leak is told, and all of it arrives', async () => {
  await say({ leak: 'first' });
  await toldUntil(isRaised(1), 'the first leak');
  await allArrives();
});

test('the network between app and Collector is cut: a leak that begins and one that ends meanwhile arrive, and each heartbeat', () =>
  survives(async () => {
    line.cut();
    try {
      await say({ leak: 'second' });
      await toldUntil(isRaised(2), 'the second leak');
      await say({ mend: 'first' });
      await toldUntil(isOver, 'the end of the first');
    } finally {
      line.mend();
    }
  }));

test('the Collector is restarted: each event that was told meanwhile arrives', () =>
  survives(() => collector.restart('SIGTERM', () => delay(outageMs))));

test('the Collector is killed while nobody takes its findings: each of them waits on its disk, and arrives', () =>
  survives(async () => {
    lokiLine.cut();
    await delay(outageMs);
    await collector.restart('SIGKILL');
    await delay(1_000);
    lokiLine.mend();
  }));

test('nothing was given up, and the requests in Prometheus are those that were served, none twice', async () => {
  const { served } = await say({ rest: true });
  await eventually(
    () => valueOf(servedQuery),
    (count) => count === served,
    { withinMs: 15_000, what: `${served} requests` },
  );
  assert.equal(
    await valueOf('sum(outlive_self_drops_total{job="shop", outlive_self_drop_reason!="other"}) or vector(0)'),
    0,
  );
  await say({ rest: false });
});

test('what a Collector has no room for it refuses, so that the process keeps it', async () => {
  const full = await startCollector({
    folder: join(folder, 'full'),
    findingsUrl: 'http://127.0.0.1:9',
    maxQueued: 600,
  });
  const logRecords = Array.from({ length: 400 }, () => ({ body: { stringValue: 'finding' } }));
  const statuses: number[] = [];
  for (let post = 0; post < 3; post++) {
    const { status } = await fetch(`${full.otlpUrl}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
    });
    statuses.push(status);
  }
  await full.stop();
  assert.deepEqual(statuses, [200, 503, 503]);
});

test('an app ends in good time while the network is cut', async () => {
  line.cut();
  await delay(1_500);
  const startedMs = Date.now();
  await app.stop();
  assert.notEqual(app.child.signalCode, 'SIGKILL', 'it had to be killed');
  assert.ok(Date.now() - startedMs < 4_000, `${Date.now() - startedMs} ms`);
});
