import { findingAttributes } from '../finding-event.ts';
import type { Alert } from './alert.ts';
import type { Post } from './post.ts';

export interface PagerDutyTarget {
  readonly url: string;
  /** Of an integration "Events API v2". */
  readonly routingKey: string;
}

/** The longest that PagerDuty takes. */
const maxSummaryLength = 1_024;

/** An event of PagerDuty's Events API v2: all events of one `dedup_key` are one incident. */
export function pagerDutyPost(alert: Alert, { url, routingKey }: PagerDutyTarget): Post {
  const isOver = alert.action === 'close';
  const body = {
    routing_key: routingKey,
    event_action: isOver ? 'resolve' : 'trigger',
    dedup_key: alert.id,
    ...(isOver ? {} : { client: 'outlive', payload: payloadOf(alert) }),
  };
  return { url, headers: {}, body: JSON.stringify(body) };
}

const payloadOf = ({ service, instance, summary, finding }: Alert) => ({
  summary: `${service}: ${summary}`.slice(0, maxSummaryLength),
  source: `${service} ${instance}`.slice(0, maxSummaryLength),
  severity: finding.severity,
  timestamp: new Date(finding.lastSeenMs).toISOString(),
  component: service,
  group: finding.scopeName,
  class: finding.type,
  custom_details: { ...findingAttributes(finding), trace_id: finding.trace?.traceId },
});
