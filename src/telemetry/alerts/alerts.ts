import type { Finding, Severity } from '../../detect/finding.ts';
import { within } from '../deadline.ts';
import { appLoggerProvider, appMeterProvider, withoutTracing } from '../otel-registry.ts';
import { identityOf, instanceId } from '../resource.ts';
import { Seldom } from '../seldom.ts';
import type { Alert, Sender } from './alert.ts';
import { AlertChannel } from './alert-channel.ts';
import { Claims } from './claims.ts';
import { type AlertHandler, handledBy } from './handler.ts';
import { type Outcome } from './outcome.ts';
import { pagerDutyPost } from './pagerduty.ts';
import { type Post, post } from './post.ts';
import { resourceAttributeOf, serviceNameOf } from './service-name.ts';
import { slackPost } from './slack.ts';
import { webhookPost } from './webhook.ts';

/** Where to, as the options of the same name say; none by default. */
export interface AlertTargets {
  readonly alertSlackUrl?: string | undefined;
  readonly alertWebhookUrl?: string | undefined;
  readonly alertWebhookSecret?: string | undefined;
  readonly alertPagerdutyKey?: string | undefined;
  readonly alertPagerdutyUrl: string;
}

export interface AlertsOptions {
  readonly targets: AlertTargets;
  /** Functions of the app, as they are now. */
  readonly handlers: () => Iterable<AlertHandler>;
  readonly minSeverity: Severity;
  readonly intervalMs: number;
  readonly maxPerHour: number;
  /** Shared by processes of which one is to speak. */
  readonly claimFolder: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A finding as one line that a person can act on. */
  readonly describe: (finding: Finding) => string;
  /** Runs `fn` with outlive's own hooks looking away; so does what it starts. */
  readonly quietly: <T>(fn: () => T) => T;
  /** Prints a line for the user. */
  readonly warn: (line: string) => void;
  readonly nowMs: () => number;
  readonly wallMs: () => number;
  readonly random: () => number;
  /** Timers that do not hold the process open. */
  readonly setTimeout: (fn: () => void, ms: number) => { cancel(): void };
}

const timeoutMs = 10_000;
const failureLineEveryMs = 5 * 60_000;

/** Tells findings to people from the process itself: for where no collector and no alert rules are. */
export class Alerts {
  readonly #o: AlertsOptions;
  readonly #sender: Sender;
  readonly #remote: AlertChannel[];
  readonly #ofApp = new Map<AlertHandler, AlertChannel>();
  /** Messages given up. */
  lost = 0;

  constructor(options: AlertsOptions) {
    this.#o = options;
    const { describe, env } = options;
    const ofApp = { ...identityOf(appLoggerProvider()), ...identityOf(appMeterProvider()) };
    const { 'service.name': name, 'service.instance.id': instance } = ofApp;
    this.#sender = {
      service: serviceNameOf(env, name),
      instance: typeof instance === 'string' ? instance : instanceId(resourceAttributeOf('service.instance.id', env)),
      describe,
    };
    this.#remote = [...this.#remoteChannels(options.targets)];
  }

  tell(finding: Finding): void {
    this.#followHandlers();
    for (const channel of this.#channels()) channel.tell(finding);
  }

  /** Bounded by `limitMs`; never rejects. Holds the process open meanwhile, if anything waits. */
  async flush(limitMs: number): Promise<void> {
    this.#followHandlers();
    await within(limitMs, Promise.all(this.#channels().map((channel) => channel.flush())));
  }

  close(): void {
    for (const channel of this.#channels()) channel.close();
  }

  #channels(): AlertChannel[] {
    return [...this.#remote, ...this.#ofApp.values()];
  }

  *#remoteChannels(targets: AlertTargets): Iterable<AlertChannel> {
    const { alertSlackUrl, alertWebhookUrl, alertWebhookSecret, alertPagerdutyKey, alertPagerdutyUrl } = targets;
    if (alertSlackUrl !== undefined) yield this.#posting('Slack', (alert) => slackPost(alert, alertSlackUrl));
    if (alertWebhookUrl !== undefined) {
      const target = { url: alertWebhookUrl, secret: alertWebhookSecret };
      yield this.#posting('the webhook', (alert) => webhookPost(alert, target, this.#o.wallMs()));
    }
    if (alertPagerdutyKey !== undefined) {
      const target = { url: alertPagerdutyUrl, routingKey: alertPagerdutyKey };
      yield this.#posting('PagerDuty', (alert) => pagerDutyPost(alert, target));
    }
  }

  /** outlive's own requests: seen neither by its hooks nor by the app's traces. */
  #posting(name: string, toPost: (alert: Alert) => Post): AlertChannel {
    const { claimFolder, quietly, setTimeout, wallMs } = this.#o;
    const send = (alert: Alert): Promise<Outcome> => post(toPost(alert), { timeoutMs, wallMs, setTimeout });
    const claims = claimFolder === undefined ? undefined : this.#claims(claimFolder, name);
    const deliver = claims === undefined ? send : (alert: Alert) => claims.ifMine(alert, send);
    return this.#channel(name, (alert) => quietly(() => withoutTracing(() => deliver(alert))));
  }

  #claims(folder: string, name: string): Claims {
    const channel = name.split(' ').at(-1) ?? name;
    return new Claims({
      folder,
      channel,
      owner: instanceId(),
      staleMs: 2 * this.#o.intervalMs,
      wallMs: this.#o.wallMs,
    });
  }

  #channel(name: string, deliver: (alert: Alert) => Promise<Outcome>): AlertChannel {
    const failures = new Seldom(failureLineEveryMs, this.#o.nowMs, this.#o.warn);
    const told = async (alert: Alert): Promise<Outcome> => {
      const outcome = await deliver(alert);
      if (outcome.is !== 'taken')
        failures.say(`alert to ${name} ${outcome.is}: ${outcome.why}; the app is not affected`);
      return outcome;
    };
    return new AlertChannel({ ...this.#o, sender: this.#sender, deliver: told, lost: () => void this.lost++ });
  }

  #followHandlers(): void {
    const handlers = new Set(this.#o.handlers());
    for (const [handler, channel] of this.#ofApp) {
      if (handlers.has(handler)) continue;
      channel.close();
      this.#ofApp.delete(handler);
    }
    for (const handler of handlers) {
      if (this.#ofApp.has(handler)) continue;
      const deliver = handledBy(handler, timeoutMs, this.#o.setTimeout);
      this.#ofApp.set(handler, this.#channel('the onAlert callback', deliver));
    }
  }
}
