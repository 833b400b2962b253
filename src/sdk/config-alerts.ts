import type { Option } from './config-table.ts';

const maxSecretLength = 4_096;
const secretUrl = { type: 'secret', isUrl: true, maxLength: maxSecretLength } as const;
const secretText = { type: 'secret', isUrl: false, maxLength: maxSecretLength } as const;

/** The options on alerts from the process itself: a part of the table of options. */
export const alertOptionTable = {
  /**
   * An incoming webhook of Slack that findings are sent to: docs/alerts.md. The URL is a secret; it is never printed and
   * never exported.
   */
  alertSlackUrl: { env: 'OUTLIVE_ALERT_SLACK_URL', ...secretUrl, default: undefined },
  /** A URL that findings are posted to as JSON. A secret too. */
  alertWebhookUrl: { env: 'OUTLIVE_ALERT_WEBHOOK_URL', ...secretUrl, default: undefined },
  /**
   * Signs what is posted to `alertWebhookUrl` by HMAC-SHA256, as Standard Webhooks has it: `whsec_` and base64, or any text.
   */
  alertWebhookSecret: { env: 'OUTLIVE_ALERT_WEBHOOK_SECRET', ...secretText, default: undefined },
  /** The integration key of a PagerDuty service (Events API v2) that findings become incidents of. */
  alertPagerdutyKey: { env: 'OUTLIVE_ALERT_PAGERDUTY_KEY', ...secretText, default: undefined },
  /** Where PagerDuty takes events. */
  alertPagerdutyUrl: {
    env: 'OUTLIVE_ALERT_PAGERDUTY_URL',
    ...secretUrl,
    default: 'https://events.pagerduty.com/v2/enqueue',
  },
  /** Findings below it open no alert. */
  alertMinSeverity: {
    env: 'OUTLIVE_ALERT_MIN_SEVERITY',
    type: 'choice',
    values: ['info', 'warning', 'critical'],
    default: 'warning',
  },
  /** How often a finding that stands is told again on each channel. One that gets worse is told at once. */
  alertIntervalMs: {
    env: 'OUTLIVE_ALERT_INTERVAL_MS',
    type: 'integer',
    min: 50,
    max: 604_800_000,
    unit: 'ms',
    default: 3_600_000,
  },
  /** How many messages each channel gets in an hour at most, those that close an incident not counted. */
  alertMaxPerHour: {
    env: 'OUTLIVE_ALERT_MAX_PER_HOUR',
    type: 'integer',
    min: 1,
    max: 1_000,
    unit: 'messages',
    default: 30,
  },
  /**
   * A folder that processes share, those of one host or, on a shared volume, of a fleet: of all that have the same finding only
   * the first that claims it there sends it to Slack, the webhook and PagerDuty.
   */
  alertClaimFolder: { env: 'OUTLIVE_ALERT_CLAIM_FOLDER', type: 'text', maxLength: 4_096, default: undefined },
} as const satisfies Record<string, Option>;
