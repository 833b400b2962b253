import type { Finding } from '../detect/finding.ts';
import { findingLine } from '../report/finding-text.ts';
import { ownTimers } from '../runtime/timers.ts';
import type { Alerts } from '../telemetry/alerts/alerts.ts';
import type { Engine } from './engine.ts';
import { alertHandlers } from './on-alert.ts';
import { tellOnce } from './troubles.ts';

/** Alerts as the engine sees them: loaded only where somebody is to be told, at the first finding. */
export class Alerting {
  readonly #engine: Engine;
  #alerts: Alerts | undefined;
  #loading: Promise<void> | undefined;
  #closed = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get lost(): number {
    return this.#alerts?.lost ?? 0;
  }

  tell(finding: Finding): void {
    if (this.#alerts !== undefined) this.#alerts.tell(finding);
    else if (this.#isWanted() && !this.#closed) void this.#open().then(() => this.#alerts?.tell(finding));
  }

  /** Bounded by `timeoutMs`; never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    await this.#loading;
    await this.#alerts?.flush(timeoutMs);
  }

  close(): void {
    this.#closed = true;
    this.#alerts?.close();
  }

  #isWanted(): boolean {
    const { alertSlackUrl, alertWebhookUrl, alertPagerdutyKey } = this.#engine.config;
    if ([alertSlackUrl, alertWebhookUrl, alertPagerdutyKey].some((target) => target !== undefined)) return true;
    return [...alertHandlers()].length > 0;
  }

  #open(): Promise<void> {
    this.#loading ??= this.#engine.observer.quietly(() => this.#load());
    return this.#loading;
  }

  async #load(): Promise<void> {
    const { clock, config, observer, troubles } = this.#engine;
    try {
      const { Alerts } = await import('../telemetry/alerts/alerts.ts');
      if (this.#closed) return;
      this.#alerts = new Alerts({
        targets: config,
        handlers: alertHandlers,
        minSeverity: config.alertMinSeverity,
        intervalMs: config.alertIntervalMs,
        maxPerHour: config.alertMaxPerHour,
        claimFolder: config.alertClaimFolder,
        env: process.env,
        describe: findingLine,
        quietly: (fn) => observer.quietly(fn),
        warn: tellOnce,
        nowMs: clock.nowMs,
        wallMs: clock.wallMs,
        random: Math.random,
        setTimeout: ownTimers.setTimeout,
      });
    } catch (error) {
      troubles.note('alerts', error);
    }
  }
}
