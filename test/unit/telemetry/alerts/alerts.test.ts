import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { Alert } from '../../../../src/telemetry/alerts/alert.ts';
import { Alerts, type AlertsOptions, type AlertTargets } from '../../../../src/telemetry/alerts/alerts.ts';
import type { AlertHandler } from '../../../../src/telemetry/alerts/handler.ts';
import { ownTimers } from '../../../../src/runtime/timers.ts';
import { someFinding } from '../fake-readings.ts';
import { deadUrl, receiver } from './receiver.ts';
import { FakeTime } from './fake-time.ts';

const pagerduty = 'https://127.0.0.1:1/unused';

function alerts(targets: Partial<AlertTargets>, change: Partial<AlertsOptions> = {}) {
  const said: string[] = [];
  const made = new Alerts({
    targets: { alertPagerdutyUrl: pagerduty, ...targets },
    handlers: () => [],
    minSeverity: 'warning',
    intervalMs: 3_600_000,
    maxPerHour: 1000,
    claimFolder: undefined,
    env: { OTEL_SERVICE_NAME: 'shop' },
    describe: ({ state }) => `${state} leak`,
    quietly: (fn) => fn(),
    warn: (line) => void said.push(line),
    nowMs: () => performance.now(),
    wallMs: Date.now,
    random: () => 0,
    setTimeout: ownTimers.setTimeout,
    ...change,
  });
  return { made, said };
}

test('alerts: each channel hears of a finding once, and of its end', async (t) => {
  const { url, received } = await receiver(t);
  const { made, said } = alerts({
    alertSlackUrl: `${url}/slack`,
    alertWebhookUrl: `${url}/hook`,
    alertPagerdutyKey: 'key',
    alertPagerdutyUrl: `${url}/pd`,
  });
  made.tell(someFinding());
  made.tell(someFinding({ state: 'updated' }));
  await made.flush(5_000);
  assert.deepEqual(received.map(({ path }) => path).toSorted(), ['/hook', '/pd', '/slack']);
  made.tell(someFinding({ state: 'resolved' }));
  await made.flush(5_000);
  assert.equal(received.length, 6);
  const incident = received.filter(({ path }) => path === '/pd').map(({ body }) => JSON.parse(body) as PagerDutyEvent);
  assert.deepEqual(
    incident.map(({ event_action }) => event_action),
    ['trigger', 'resolve'],
  );
  assert.equal(new Set(incident.map(({ dedup_key }) => dedup_key)).size, 1);
  assert.deepEqual(said, []);
  assert.equal(made.lost, 0);
});

interface PagerDutyEvent {
  readonly event_action: string;
  readonly dedup_key: string;
}

test('alerts: what a receiver did not take is sent again, with the same delivery id', async (t) => {
  let refusals = 0;
  const { url, received } = await receiver(t, (_request, response) =>
    response.writeHead(refusals++ === 0 ? 503 : 200).end(),
  );
  const { made, said } = alerts({ alertWebhookUrl: `${url}/token-1234`, alertWebhookSecret: 'hush' });
  made.tell(someFinding());
  await made.flush(5_000);
  await made.flush(5_000);
  assert.equal(received.length, 2);
  assert.equal(received[0]?.headers['webhook-id'], received[1]?.headers['webhook-id']);
  assert.deepEqual(said, ['alert to the webhook failed: HTTP 503; the app is not affected']);
});

test('alerts: no line on stderr has a URL, a key or a word of an answer', async (t) => {
  const bad = await receiver(t, (_request, response) => response.writeHead(403).end('<html>secret-answer'));
  const dead = await deadUrl();
  const { made, said } = alerts({
    alertSlackUrl: `${bad.url}/services/secret-path`,
    alertWebhookUrl: `${dead.replace('http://', 'http://secret-user:secret-password@')}/?token=secret-token`,
    alertWebhookSecret: 'secret-key',
    alertPagerdutyKey: 'secret-routing-key',
    alertPagerdutyUrl: `${bad.url}/secret-events`,
  });
  made.tell(someFinding());
  await made.flush(5_000);
  assert.deepEqual(said.toSorted(), [
    'alert to PagerDuty refused: HTTP 403; the app is not affected',
    'alert to Slack refused: HTTP 403; the app is not affected',
    'alert to the webhook failed: ECONNREFUSED; the app is not affected',
  ]);
  assert.equal(made.lost, 2);
});

test('alerts: a flush ends in time though the receiver hangs', async (t) => {
  const { url } = await receiver(t, () => {});
  const { made } = alerts({ alertSlackUrl: url });
  made.tell(someFinding());
  const startMs = performance.now();
  await made.flush(200);
  assert.ok(performance.now() - startMs < 2_000);
  made.close();
});

test('alerts: a dead receiver and twenty thousand findings leave memory as it was, and are told of once', async () => {
  const gc = globalThis.gc ?? assert.fail('run with --expose-gc');
  const { made, said } = alerts({ alertSlackUrl: await deadUrl(), alertWebhookUrl: await deadUrl() });
  const tell = (from: number): void => {
    for (let i = from; i < from + 10_000; i++) made.tell(someFinding({ id: `f${i}` }));
  };
  tell(0);
  await sleep(100);
  gc();
  const before = process.memoryUsage().heapUsed;
  tell(10_000);
  await sleep(100);
  gc();
  const grownBytes = process.memoryUsage().heapUsed - before;
  assert.ok(grownBytes < 500_000, `${grownBytes} bytes`);
  assert.ok(made.lost > 1_000, `${made.lost}`);
  assert.equal(said.length, 2, said.join('\n'));
  made.close();
});

test('alerts: a function of the app is handed each alert, and again when it has failed', async () => {
  const time = new FakeTime();
  const got: Alert[] = [];
  let failures = 1;
  const handler: AlertHandler = (alert) => {
    got.push(alert);
    if (failures-- > 0) throw new TypeError('of the app, with a secret');
  };
  const handlers = new Set([handler]);
  const { made, said } = alerts({}, { handlers: () => handlers, nowMs: time.nowMs, setTimeout: time.setTimeout });
  made.tell(someFinding());
  await time.pass(2_000);
  assert.deepEqual(
    got.map(({ action, summary, service }) => [action, summary, service]),
    [
      ['open', 'raised leak', 'shop'],
      ['open', 'raised leak', 'shop'],
    ],
  );
  assert.deepEqual(said, ['alert to the onAlert callback failed: TypeError; the app is not affected']);
  handlers.clear();
  made.tell(someFinding({ id: 'other' }));
  await time.pass(2_000);
  assert.equal(got.length, 2, 'undone');
});

test('alerts: a function that does not settle is given up after ten seconds, and not called for the same again', async () => {
  const time = new FakeTime();
  let calls = 0;
  const handler: AlertHandler = () => {
    calls++;
    return new Promise(() => {});
  };
  const { made } = alerts({}, { handlers: () => [handler], nowMs: time.nowMs, setTimeout: time.setTimeout });
  made.tell(someFinding());
  await time.pass(60_000);
  assert.deepEqual([calls, made.lost, time.waitsMs], [1, 1, []]);
});
