import { Abandoned } from '../detect/abandoned.ts';
import { ClientChurn } from '../detect/client-churn.ts';
import { ClientSockets } from '../detect/client-sockets.ts';
import type { Detector } from '../detect/detector.ts';
import { Docket } from '../detect/docket.ts';
import type { Finding } from '../detect/finding.ts';
import { GcPressure } from '../detect/gc-pressure.ts';
import { GrowingBuffers } from '../detect/growing-buffers.ts';
import { GrowingListeners, listenerRule } from '../detect/growing-listeners.ts';
import { GrowingOrigins } from '../detect/growing-origins.ts';
import { GrowingQueues } from '../detect/growing-queues.ts';
import { explainedBytes } from '../detect/heap-explained.ts';
import { HeapGrowth } from '../detect/heap-growth.ts';
import { expiryText, isExpired } from '../detect/ignore.ts';
import { Outlived } from '../detect/outlived.ts';
import { Overdue } from '../detect/overdue.ts';
import { PendingRequests } from '../detect/pending-requests.ts';
import { RetainedScopes } from '../detect/retained-scopes.ts';
import { scopesExplained } from '../detect/retention-explained.ts';
import { SlowRequests } from '../detect/slow-requests.ts';
import { Survival } from '../detect/survival.ts';
import { stayingRule } from '../detect/staying-work.ts';
import { defaultOutlivedRule, scaledRule } from '../detect/survival-rule.ts';
import { Sweep } from '../detect/sweep.ts';
import { requestNameOf } from '../observe/hooks/pending-requests.ts';
import { type Detach, detachAll } from '../observe/patch.ts';
import { ownershipOf } from '../runtime/app-root.ts';
import { placesOf } from '../runtime/places.ts';
import { ownTimers } from '../runtime/timers.ts';
import type { Providers } from '../telemetry/telemetry.ts';
import { Alerting } from './alerting.ts';
import { Announcer } from './announcer.ts';
import type { Engine } from './engine.ts';
import { governorOf } from './engine-governor.ts';
import { Exporting } from './exporting.ts';
import { HeapProfiling } from './heap-profiling.ts';
import { MemoryJudging } from './memory-judging.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { Governor } from './governor.ts';
import { OwnCost } from './own-cost.ts';
import { tellOnce } from './troubles.ts';

/**
 * What makes findings of the engine's lifetimes and tells of them: sweeps, detectors, readings of memory, telemetry. None
 * of it is loaded before the app's first line.
 */
export class Judging {
  readonly memory: MemoryWatch;
  readonly memoryJudging: MemoryJudging;
  readonly growingQueues: GrowingQueues;
  readonly heapProfiling: HeapProfiling;
  readonly docket: Docket;
  readonly sweep: Sweep;
  readonly slowRequests: SlowRequests;
  readonly cost: OwnCost;
  readonly governor: Governor;
  readonly #engine: Engine;
  readonly alerting: Alerting;
  readonly exporting: Exporting;
  readonly #announcer: Announcer | undefined;
  readonly #detaches: Detach[] = [];

  constructor(engine: Engine) {
    const { clock, config, home, ledger, troubles } = engine;
    const { nowMs, wallMs } = clock;
    this.#engine = engine;
    this.memoryJudging = new MemoryJudging(engine);
    this.memory = this.memoryJudging.watch;
    this.growingQueues = new GrowingQueues(engine.queues, () => this.memoryJudging.record.outlook.exhaustion);
    this.heapProfiling = new HeapProfiling({
      isOn: config.heapProfile === 'on',
      maxHeapBytes: config.heapProfileMaxHeapMb * 2 ** 20,
      readsPerHour: config.heapProfileReadsPerHour,
      minorGcs: () => this.memory.gc.totals.minor.count,
      nowMs,
    });
    this.slowRequests = new SlowRequests(engine.ledger.requestTimes);
    this.docket = new Docket({
      placeOf: placesOf(home),
      wallMs,
      ignore: config.ignore,
      updateIntervalMs: config.updateIntervalMs,
      maxFindings: config.maxFindings,
    });
    this.sweep = new Sweep({
      ledger,
      detectors: this.#detectors(),
      docket: this.docket,
      nowMs,
      soon: ownTimers.soon,
      tell: (told) => this.#tell(told),
      failed: (detector, error) => troubles.note(`detector ${detector}`, error),
    });
    this.alerting = new Alerting(engine);
    this.exporting = new Exporting(engine, this);
    this.cost = new OwnCost(engine, this.sweep, this.exporting.busy);
    this.governor = governorOf(engine, this.cost);
    this.#announcer = config.stderr === 'on' ? new Announcer() : undefined;
  }

  start(): void {
    this.memoryJudging.attach();
    const timer = ownTimers.setInterval(() => this.#onSweep(), this.#engine.config.sweepIntervalMs);
    this.#detaches.push(
      () => timer.cancel(),
      () => this.memoryJudging.detach(),
      () => this.heapProfiling.stop(),
    );
    this.exporting.openWhenAppRuns();
  }

  /** Sweeps once more and sends what was not sent. Bounded by `shutdownTimeoutMs`; never rejects. */
  async flush(): Promise<void> {
    this.#engine.observer.guard('flush', () => this.sweep.runToEnd());
    const { shutdownTimeoutMs } = this.#engine.config;
    await Promise.all([
      this.exporting.flush(shutdownTimeoutMs),
      this.memoryJudging.save(shutdownTimeoutMs),
      this.alerting.flush(shutdownTimeoutMs),
    ]);
  }

  use(providers: Providers): void {
    this.exporting.use(providers);
  }

  stop(): void {
    detachAll(this.#detaches)();
  }

  async close(): Promise<void> {
    this.alerting.close();
    await this.exporting.close(this.#engine.config.shutdownTimeoutMs);
  }

  #detectors(): Detector[] {
    const { alarmsPerServiceMonth, tuningFactor } = this.#engine.config;
    const rule = scaledRule(defaultOutlivedRule, tuningFactor);
    const survival = new Survival(rule, alarmsPerServiceMonth);
    const { buffers, home, ledger, piles, places, requests, retained, sites } = this.#engine;
    const growingListeners = new GrowingListeners(ledger, piles, listenerRule(tuningFactor));
    const staying = stayingRule(tuningFactor);
    const pendingRequests = new PendingRequests({ samples: requests, places, rule: staying, nameOf: requestNameOf });
    const retainedScopes = new RetainedScopes({
      ledger,
      samples: retained,
      places,
      rule: staying,
      majorGcCount: () => this.memory.gc.majors,
      explained: () => growingListeners.accusedScopes.union(scopesExplained(this.docket.standing())),
      alsoLookedFor: () => pendingRequests.lookedFor,
    });
    const heapGrowth = new HeapGrowth({
      floors: this.memory.floors,
      profiler: this.heapProfiling,
      ownership: ownershipOf(home),
      siteOf: (frames) => sites.siteOf(frames),
      explainedBytes: () => explainedBytes(this.docket.standing()),
      isPressed: () => this.memoryJudging.limits.isPressed,
    });
    return [
      new Abandoned(ledger),
      new Outlived(ledger, rule, survival),
      new GrowingOrigins(ledger, rule, survival),
      new Overdue(ledger),
      new ClientChurn(ledger),
      new ClientSockets(ledger),
      growingListeners,
      this.growingQueues,
      new GrowingBuffers(ledger, buffers),
      pendingRequests,
      retainedScopes,
      new GcPressure(() => this.memory.gc, this.slowRequests, {
        warning: this.#engine.config.gcWarningPercent / 100,
        critical: this.#engine.config.gcCriticalPercent / 100,
      }),
      heapGrowth,
      ...this.memoryJudging.detectors,
    ];
  }

  #onSweep(): void {
    const { clock, observer } = this.#engine;
    this.sweep.run();
    observer.guard('memory pressure', () => this.memoryJudging.onSweep());
    observer.guard('governor', () => this.governor.onSweep(clock.nowMs()));
    observer.guard('telemetry', () => this.exporting.onSweep());
    this.#tellExpired(clock.wallMs());
  }

  /** Rules that ran out speak up, once each. */
  #tellExpired(wallMs: number): void {
    for (const rule of this.#engine.config.ignore) if (isExpired(rule, wallMs)) tellOnce(expiryText(rule));
  }

  #tell(told: readonly Finding[]): void {
    for (const finding of told) {
      this.#engine.observer.guard('stderr', () => this.#announcer?.tell(finding));
      this.exporting.tell(finding);
      this.#engine.observer.guard('alerts', () => this.alerting.tell(finding));
      this.#engine.tell(finding);
    }
  }
}
