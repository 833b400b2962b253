import { findingAttributes } from '../finding-event.ts';
import type { Alert } from './alert.ts';
import type { Post } from './post.ts';

export interface WebhookTarget {
  readonly url: string;
  /** Signs each request; without it none is signed. */
  readonly secret: string | undefined;
}

const prefix = 'whsec_';

/**
 * A request as Standard Webhooks has it (https://www.standardwebhooks.com): `webhook-id` is the same over retries,
 * `webhook-signature` is `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`.
 */
export function webhookPost(alert: Alert, { url, secret }: WebhookTarget, wallMs: number): Post {
  const body = JSON.stringify(bodyOf(alert));
  const timestamp = String(Math.floor(wallMs / 1000));
  const headers = { 'webhook-id': alert.deliveryId, 'webhook-timestamp': timestamp };
  if (secret === undefined) return { url, headers, body };
  const signature = signatureOf(`${alert.deliveryId}.${timestamp}.${body}`, keyOf(secret));
  return { url, headers: { ...headers, 'webhook-signature': `v1,${signature}` }, body };
}

const bodyOf = ({ id, action, service, instance, summary, finding }: Alert) => ({
  type: 'outlive.finding',
  timestamp: new Date(finding.lastSeenMs).toISOString(),
  data: {
    id,
    action,
    service,
    instance,
    summary,
    traceId: finding.trace?.traceId,
    spanId: finding.trace?.spanId,
    attributes: findingAttributes(finding),
  },
});

/** `whsec_` and base64, or any other text as it is. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);

const signatureOf = (signed: string, key: Buffer): string =>
  process.getBuiltinModule('node:crypto').createHmac('sha256', key).update(signed).digest('base64');
