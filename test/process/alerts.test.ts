import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { receiver } from '../unit/telemetry/alerts/receiver.ts';
import { running } from './telemetry/run.ts';

const register = `${import.meta.dirname}/../../src/register.ts`;
const app = `${import.meta.dirname}/telemetry/programs/alerting.ts`;
const quick = { OUTLIVE_TIER: 'development', OUTLIVE_SWEEP_INTERVAL_MS: '50', OTEL_SERVICE_NAME: 'shop' };

interface Event {
  readonly event_action: string;
  readonly dedup_key: string;
}

test('a leak reaches Slack, the webhook and PagerDuty, and its end too', async (t) => {
  const { url, received } = await receiver(t);
  const { code, stdout, stderr } = await running(['--import', register, app, '4000', 'release'], {
    ...quick,
    OUTLIVE_ALERT_SLACK_URL: `${url}/slack`,
    OUTLIVE_ALERT_WEBHOOK_URL: `${url}/hook`,
    OUTLIVE_ALERT_WEBHOOK_SECRET: 'a-secret',
    OUTLIVE_ALERT_PAGERDUTY_KEY: 'a-routing-key',
    OUTLIVE_ALERT_PAGERDUTY_URL: `${url}/pd`,
  }).ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^opened lease$/m, 'outlive looks away from what it sends itself');
  assert.match(stderr, /unreleased_lease/);
  assert.doesNotMatch(stderr, /secret|routing-key|\/slack|\/hook|\/pd/);
  const bodiesTo = (path: string) => received.filter((request) => request.path === path).map(({ body }) => body);
  assert.match(bodiesTo('/slack')[0] ?? '', /:rotating_light: \*shop\*: leak \(likely unreleased_lease\)/);
  assert.match(bodiesTo('/slack').at(-1) ?? '', /:white_check_mark: \*shop\*: resolved/);
  const events = bodiesTo('/pd').map((body) => JSON.parse(body) as Event);
  assert.deepEqual(
    events.map(({ event_action }) => event_action),
    ['trigger', 'resolve'],
  );
  assert.equal(events[0]?.dedup_key, events[1]?.dedup_key);
  const hooked = received.filter(({ path }) => path === '/hook');
  assert.equal(hooked.length, 2);
  assert.match(String(hooked[0]?.headers['webhook-signature']), /^v1,/);
});

test('a receiver that never answers neither delays the end of the process beyond its bound nor fails it', async (t) => {
  const { url, received } = await receiver(t, () => {});
  const { code, stdout, stderr } = await running(['--import', register, app, '4000'], {
    ...quick,
    OUTLIVE_ALERT_SLACK_URL: url,
    OUTLIVE_SHUTDOWN_TIMEOUT_MS: '300',
  }).ended;
  assert.equal(code, 0, stderr);
  assert.ok(received.length >= 1, stderr);
  const [, exitMs] = /^exit (\d+)$/m.exec(stdout) ?? assert.fail(stdout);
  assert.ok(Number(exitMs) < 1_500, `held open for ${exitMs} ms`);
});

test('of three processes that share a folder one tells Slack', async (t) => {
  const { url, received } = await receiver(t);
  const folder = mkdtempSync(join(tmpdir(), 'outlive-alerts-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const env = { ...quick, OUTLIVE_ALERT_SLACK_URL: url, OUTLIVE_ALERT_CLAIM_FOLDER: folder };
  const runs = [1, 2, 3].map(() => running(['--import', register, app, '5000'], env).ended);
  for (const { code, stderr } of await Promise.all(runs)) {
    assert.equal(code, 0, stderr);
    assert.match(stderr, /unreleased_lease/);
  }
  assert.equal(received.filter(({ body }) => body.includes('unreleased_lease')).length, 1);
});
