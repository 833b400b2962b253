import type { Finding } from '../detect/finding.ts';
import { hookGroups } from '../observe/hook.ts';
import { findingLine } from '../report/finding-text.ts';
import { startLine } from '../report/start-line.ts';
import { type OwnTimer, ownTimers } from '../runtime/timers.ts';
import { writeToStderr } from '../runtime/stderr.ts';
import type { Providers, Routes, Telemetry } from '../telemetry/telemetry.ts';
import { onceAppIsAtWork } from './app-at-work.ts';
import { BusyTime } from './busy-time.ts';
import type { Config } from './config-table.ts';
import type { Engine } from './engine.ts';
import { readingsOf } from './engine-readings.ts';
import { exportIsWanted } from './export-wanted.ts';
import type { Judging } from './judging.ts';
import { tellOnce } from './troubles.ts';
import { ownVersion } from './version.ts';

const maxEarlyFindings = 50;

const seriesExhausted =
  'there is more to tell than 150 series hold: some were folded into `other` or left out (docs/decisions/0007-series-budget.md)';

/**
 * Telemetry as the engine sees it. Its packages are loaded when the app's own code has been seen at work, never before
 * its first line; what is told earlier waits.
 */
export class Exporting {
  readonly #engine: Engine;
  readonly #judging: Judging;
  readonly #early: Finding[] = [];
  /** Collecting, encoding and sending, without what the network takes. */
  readonly busy: BusyTime;
  #telemetry: Telemetry | undefined;
  #opening: Promise<void> | undefined;
  #timer: OwnTimer | undefined;
  #earlyLost = 0;
  #closed = false;

  constructor(engine: Engine, judging: Judging) {
    this.#engine = engine;
    this.#judging = judging;
    this.busy = new BusyTime(engine.clock.nowMs);
  }

  openWhenAppRuns(): void {
    this.#timer = onceAppIsAtWork(this.#engine, () => void this.#open());
  }

  onSweep(): void {
    this.busy.run(() => this.#telemetry?.onSweep());
    if (this.#telemetry?.seriesExhausted === true) tellOnce(seriesExhausted);
  }

  use(providers: Providers): void {
    this.#telemetry?.use(providers);
  }

  tell(finding: Finding): void {
    if (this.#telemetry !== undefined) this.#telemetry.emit(finding);
    else if (this.#early.length < maxEarlyFindings) this.#early.push(finding);
    else this.#earlyLost++;
  }

  /** What no collector was told of: running totals by reason. */
  get drops(): readonly (readonly [reason: string, count: number])[] {
    return [...(this.#telemetry?.drops ?? []), ['events_lost', this.#earlyLost]];
  }

  /** Bounded by `timeoutMs`; never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    if (this.#telemetry === undefined && !exportIsWanted(process.env)) return;
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
        readings: readingsOf(this.#engine, this.#judging),
        version: ownVersion(),
        env: process.env,
        runtimeMetrics: config.runtimeMetrics,
        describe: findingLine,
        quietly: (fn) => this.busy.run(() => observer.quietly(fn)),
        timed: this.busy.run,
        warn: tellOnce,
        failed: troubles.note,
        given: this.#engine.given,
        rerouted: (routes) => this.#follow(routes),
        nowMs: clock.nowMs,
        setTimeout: ownTimers.setTimeout,
      });
      // what came while it opened
      this.#telemetry.use(this.#engine.given);
      for (const note of this.#telemetry.notes) tellOnce(note);
      for (const finding of this.#early.splice(0)) this.#telemetry.emit(finding);
      this.#follow(this.#telemetry.routes);
    } catch (error) {
      troubles.note('telemetry', error);
    }
  }

  #follow(routes: Routes): void {
    const { config, ledger } = this.#engine;
    ledger.requestTimes.exported = tellsDurations(routes.metrics, config.runtimeMetrics);
    this.#announce(routes);
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
}

type Destination = Routes['metrics'];

/** Whether `http.server.request.duration` goes there: to an app's own provider only where it was asked for. */
const tellsDurations = ({ to }: Destination, wanted: Config['runtimeMetrics']): boolean =>
  to !== 'nowhere' && (wanted === 'on' || (wanted === 'auto' && to !== 'app'));

const ownerOf = ({ to }: Destination): 'app' | 'own' | 'none' =>
  to === 'app' ? 'app' : to === 'nowhere' ? 'none' : 'own';

function endpointOf(destination: Destination): string | undefined {
  if (destination.to === 'otlp') return destination.url;
  return destination.to === 'console' ? 'the console' : undefined;
}
