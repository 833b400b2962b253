import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { type Alert, type AlertAction, alertOf } from '../../../../src/telemetry/alerts/alert.ts';
import { pagerDutyPost } from '../../../../src/telemetry/alerts/pagerduty.ts';
import { slackPost } from '../../../../src/telemetry/alerts/slack.ts';
import { webhookPost } from '../../../../src/telemetry/alerts/webhook.ts';
import { someFinding } from '../fake-readings.ts';

const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

function alert(action: AlertAction = 'open', summary = 'leak at src/files.js:12', instance = 'one'): Alert {
  return alertOf(someFinding({ trace }), action, { service: 'shop', instance, describe: () => summary });
}

const url = 'https://receiver.example/secret';
const bodyOf = ({ body }: { readonly body: string }) => JSON.parse(body) as Record<string, unknown>;

test('alerts: one finding has one id in all processes of a service, and each message its own', () => {
  const [a, b] = [alert(), alert('open', 'leak', 'two')];
  assert.equal(a.id, b.id);
  assert.notEqual(a.deliveryId, b.deliveryId);
  const elsewhere = alertOf(a.finding, 'open', { service: 'other', instance: 'one', describe: () => '' });
  assert.notEqual(elsewhere.id, a.id);
});

test('Slack: one text with service, line, scope, trace and id', () => {
  const post = slackPost(alert(), url);
  assert.equal(post.url, url);
  assert.equal(
    bodyOf(post)['text'],
    `:rotating_light: *shop*: leak at src/files.js:12\nduring GET /files/:id\ntrace ${trace.traceId}\nfinding f1`,
  );
});

test('Slack: no name of an app calls a channel or becomes a link', () => {
  const { text } = bodyOf(slackPost(alert('open', '<!channel> <http://x|y> & z'), url));
  assert.match(String(text), /&lt;!channel&gt; &lt;http:\/\/x\|y&gt; &amp; z/);
});

test('Slack: a text without end is cut', () => {
  assert.ok(slackPost(alert('open', 'x'.repeat(100_000)), url).body.length < 4_000);
});

test('PagerDuty: an incident is triggered and resolved by the same key', () => {
  const target = { url, routingKey: 'k'.repeat(32) };
  const opened = bodyOf(pagerDutyPost(alert(), target));
  assert.equal(opened['event_action'], 'trigger');
  assert.equal(opened['routing_key'], target.routingKey);
  const payload = opened['payload'] as Record<string, unknown>;
  assert.equal(payload['severity'], 'warning');
  assert.equal(payload['summary'], 'shop: leak at src/files.js:12');
  assert.equal(payload['timestamp'], '2030-01-01T00:00:00.000Z');
  assert.equal((payload['custom_details'] as Record<string, unknown>)['code.line.number'], 12);
  const closed = bodyOf(pagerDutyPost(alert('close'), target));
  assert.deepEqual(closed, {
    routing_key: target.routingKey,
    event_action: 'resolve',
    dedup_key: opened['dedup_key'],
  });
  assert.ok(String(opened['dedup_key']).length <= 255);
});

test('webhook: signed as Standard Webhooks has it', () => {
  const key = Buffer.from('a secret of 24 bytes all');
  const post = webhookPost(alert(), { url, secret: `whsec_${key.toString('base64')}` }, 1_700_000_000_500);
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = post.headers;
  assert.equal(timestamp, '1700000000');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${post.body}`).digest('base64');
  assert.equal(signature, `v1,${expected}`);
  const plain = webhookPost(alert(), { url, secret: 'any text' }, 1_700_000_000_500);
  const byText = createHmac('sha256', 'any text').update(`${id}.${timestamp}.${plain.body}`).digest('base64');
  assert.equal(plain.headers['webhook-signature'], `v1,${byText}`);
});

test('webhook: without a secret nothing is signed; the body has what a receiver folds by', () => {
  const post = webhookPost(alert(), { url, secret: undefined }, 0);
  assert.equal('webhook-signature' in post.headers, false);
  const { type, data } = bodyOf(post) as { type: string; data: Record<string, unknown> };
  assert.equal(type, 'outlive.finding');
  assert.equal(data['id'], alert().id);
  assert.equal(data['action'], 'open');
  assert.equal(data['traceId'], trace.traceId);
  assert.equal((data['attributes'] as Record<string, unknown>)['outlive.finding.id'], 'f1');
});
