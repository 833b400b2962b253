import type { Finding } from '../detect/finding.ts';
import { hookGroups } from '../observe/hook.ts';
import { findingLine } from '../report/finding-text.ts';
import { startLine } from '../report/start-line.ts';
import { type OwnTimer, ownTimers } from '../runtime/timers.ts';
import { writeToStderr } from '../runtime/stderr.ts';
import type { Routes, Telemetry } from '../telemetry/telemetry.ts';
import type { Engine } from './engine.ts';
import { readingsOf } from './engine-readings.ts';
import { tellOnce } from './troubles.ts';
import { ownVersion } from './version.ts';

/** How often it is asked whether the app runs by now, and when that is taken for granted. */
const askEveryMs = 50;
const takenForGrantedMs = 2000;
const maxEarlyFindings = 50;

/**
 * Telemetry as the engine sees it. Its packages are loaded when the app's own code has been seen at work, never before
 * its first line; what is told earlier waits.
 */
export class Exporting {
  readonly #engine: Engine;
  readonly #early: Finding[] = [];
  #telemetry: Telemetry | undefined;
  #opening: Promise<void> | undefined;
  #timer: OwnTimer | undefined;
  #closed = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  openWhenAppRuns(): void {
    const deadlineMs = this.#engine.clock.nowMs() + takenForGrantedMs;
    this.#timer = ownTimers.setInterval(() => {
      const { observer, ledger, clock } = this.#engine;
      if (!observer.appHasRun && ledger.scopeStats.total === 0 && clock.nowMs() < deadlineMs) return;
      this.#timer?.cancel();
      void this.#open();
    }, askEveryMs);
  }

  onSweep(): void {
    this.#telemetry?.onSweep();
  }

  tell(finding: Finding): void {
    if (this.#telemetry !== undefined) this.#telemetry.emit(finding);
    else if (this.#early.length < maxEarlyFindings) this.#early.push(finding);
  }

  /** Bounded by `timeoutMs`; never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    if (!this.#hasEndpoint()) return;
    await this.#open();
    await this.#telemetry?.flush(timeoutMs);
  }

  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#opening;
    await this.#telemetry?.shutdown(timeoutMs);
  }

  #open(): Promise<void> {
    this.#opening ??= this.#engine.observer.quietly(() => this.#load());
    return this.#opening;
  }

  async #load(): Promise<void> {
    const { observer, clock, config, troubles } = this.#engine;
    try {
      const { startTelemetry } = await import('../telemetry/telemetry.ts');
      if (this.#closed) return;
      this.#telemetry = await startTelemetry({
        readings: readingsOf(this.#engine),
        version: ownVersion(),
        env: process.env,
        runtimeMetrics: config.runtimeMetrics,
        describe: findingLine,
        quietly: (fn) => observer.quietly(fn),
        warn: tellOnce,
        failed: troubles.note,
        rerouted: (routes) => this.#announce(routes),
        nowMs: clock.nowMs,
        setTimeout: ownTimers.setTimeout,
      });
      for (const note of this.#telemetry.notes) tellOnce(note);
      for (const finding of this.#early.splice(0)) this.#telemetry.emit(finding);
      this.#announce(this.#telemetry.routes);
    } catch (error) {
      troubles.note('telemetry', error);
    }
  }

  #announce({ metrics, logs }: Routes): void {
    const { config, hooks, observer } = this.#engine;
    if (config.stderr === 'off') return;
    const attached = hooks.groups;
    const line = startLine({
      version: ownVersion(),
      tier: config.tier,
      hooks: hookGroups.filter((group) => attached.has(group)),
      hooksOff: hookGroups.filter((group) => !attached.has(group)),
      context: observer.context.mechanism,
      metrics: ownerOf(metrics),
      findings: ownerOf(logs),
      endpoint: endpointOf(metrics) ?? endpointOf(logs),
      sweepIntervalMs: config.sweepIntervalMs,
      cannot: [],
    });
    writeToStderr(line);
  }

  #hasEndpoint(): boolean {
    if (this.#telemetry !== undefined) return true;
    return Object.keys(process.env).some((name) =>
      /^OTEL_(EXPORTER_OTLP_.*ENDPOINT|(METRICS|LOGS)_EXPORTER)$/.test(name),
    );
  }
}

type Destination = Routes['metrics'];

const ownerOf = ({ to }: Destination): 'app' | 'own' | 'none' =>
  to === 'app' ? 'app' : to === 'nowhere' ? 'none' : 'own';

function endpointOf(destination: Destination): string | undefined {
  if (destination.to === 'otlp') return destination.url;
  return destination.to === 'console' ? 'the console' : undefined;
}
