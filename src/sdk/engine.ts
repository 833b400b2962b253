import { Abandoned } from '../detect/abandoned.ts';
import type { Detector } from '../detect/detector.ts';
import { Docket } from '../detect/docket.ts';
import type { Finding } from '../detect/finding.ts';
import { GrowingListeners } from '../detect/growing-listeners.ts';
import { GrowingOrigins } from '../detect/growing-origins.ts';
import { GrowingQueues } from '../detect/growing-queues.ts';
import { GrowingBuffers } from '../detect/growing-buffers.ts';
import { PendingRequests } from '../detect/pending-requests.ts';
import { RetainedScopes } from '../detect/retained-scopes.ts';
import { PendingPlaces } from '../lifetime/pending-places.ts';
import { SwollenBuffers } from '../lifetime/swollen-buffers.ts';
import { requestNameOf, requestSamples } from '../observe/hooks/pending-requests.ts';
import { endedScopeSamples } from '../observe/hooks/tasks.ts';
import { isPending } from '../runtime/promise-births.ts';
import { expiryText, isExpired } from '../detect/ignore.ts';
import { Outlived } from '../detect/outlived.ts';
import { Overdue } from '../detect/overdue.ts';
import { Sweep } from '../detect/sweep.ts';
import { Ledger } from '../lifetime/ledger.ts';
import { ListenerPiles } from '../lifetime/listener-piles.ts';
import { type QueueProbe, type QueueSort, Queues, type Unwatch } from '../lifetime/queues.ts';
import { SiteTable } from '../lifetime/site-table.ts';
import { contextOf } from '../observe/context/context-of.ts';
import type { HookGroup } from '../observe/hook.ts';
import { HookSet } from '../observe/hook-set.ts';
import { allHooks } from '../observe/hooks/all-hooks.ts';
import { Observer } from '../observe/observer.ts';
import { type Detach, detachAll } from '../observe/patch.ts';
import { appRootOf, entryOf, ownershipOf, realFolder } from '../runtime/app-root.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { placesOf } from '../runtime/places.ts';
import { stamp } from '../runtime/stamp.ts';
import { ownTimers } from '../runtime/timers.ts';
import { activeTrace } from '../telemetry/active-trace.ts';
import { Announcer } from './announcer.ts';
import type { Config } from './config-table.ts';
import { flushesAtExit } from './exit.ts';
import { Exporting } from './exporting.ts';
import { MemoryWatch } from './memory-watch.ts';
import { Troubles, tellOnce } from './troubles.ts';

/** Everything that runs in one process, wired: the only place where the rooms meet. `start()` makes it. */
export class Engine {
  readonly config: Config;
  readonly clock: Clock;
  readonly troubles = new Troubles();
  readonly ledger: Ledger;
  readonly sites: SiteTable;
  readonly piles = new ListenerPiles();
  readonly buffers = new SwollenBuffers();
  readonly places = new PendingPlaces(isPending);
  readonly retained = endedScopeSamples(() => this.memory.gc.majors);
  readonly requests = requestSamples();
  readonly queues: Queues;
  readonly memory: MemoryWatch;
  readonly observer: Observer;
  readonly hooks: HookSet;
  readonly docket: Docket;
  readonly sweep: Sweep;
  readonly #exporting: Exporting;
  readonly #announcer: Announcer | undefined;
  readonly #listeners = new Set<(finding: Finding) => void>();
  readonly #detaches: Detach[] = [];

  constructor(config: Config, clock: Clock = systemClock()) {
    const { nowMs, wallMs } = clock;
    const appRoot = config.appRoot === undefined ? appRootOf() : realFolder(config.appRoot);
    this.config = config;
    this.clock = clock;
    this.ledger = new Ledger({ maxOpen: config.maxOpen, nowMs, majors: () => this.memory.gc.majors, adopted: stamp() });
    this.sites = new SiteTable(ownershipOf({ appRoot }));
    this.queues = new Queues({ wallMs, failed: (name, error) => this.troubles.note(`the watch of ${name}`, error) });
    this.memory = new MemoryWatch({
      intervalMs: config.memoryIntervalMs,
      afterMajors: config.tier === 'production',
      nowMs,
    });
    this.observer = new Observer({
      ledger: this.ledger,
      context: contextOf(config.context),
      sites: this.sites,
      siteSampling: config.siteSampling,
      activeTrace,
      failed: this.troubles.note,
    });
    this.hooks = new HookSet(this.observer, allHooks(this));
    this.docket = new Docket({
      placeOf: placesOf({ appRoot, cwd: entryOf().cwd }),
      wallMs,
      ignore: config.ignore,
      updateIntervalMs: config.updateIntervalMs,
      maxFindings: config.maxFindings,
    });
    this.sweep = new Sweep({
      ledger: this.ledger,
      detectors: this.#detectors(),
      docket: this.docket,
      nowMs,
      soon: ownTimers.setImmediate,
      tell: (told) => this.#tell(told),
      failed: (detector, error) => this.troubles.note(`detector ${detector}`, error),
    });
    this.#exporting = new Exporting(this);
    this.#announcer = config.stderr === 'on' ? new Announcer() : undefined;
  }

  start(): void {
    this.hooks.attachOnly(this.config.hooks);
    this.memory.attach();
    const timer = ownTimers.setInterval(() => this.#onSweep(), this.config.sweepIntervalMs);
    this.#detaches.push(
      () => timer.cancel(),
      () => this.memory.detach(),
      flushesAtExit(() => this.flush()),
    );
    this.#exporting.openWhenAppRuns();
  }

  /** Sweeps once more and sends what was not sent. Bounded by `shutdownTimeoutMs`; never rejects. */
  async flush(): Promise<void> {
    this.observer.guard('flush', () => this.sweep.runToEnd());
    await this.#exporting.flush(this.config.shutdownTimeoutMs);
  }

  async stop(): Promise<void> {
    await this.flush();
    detachAll(this.#detaches)();
    this.hooks.detachAll();
    this.observer.context.detach();
    await this.#exporting.close(this.config.shutdownTimeoutMs);
  }

  /** Switches hook groups on and off while the app runs: those named are attached, all others detached. */
  setHooks(groups: ReadonlySet<HookGroup>): void {
    this.hooks.attachOnly(groups);
  }

  watchQueue(sort: QueueSort, name: string, probe: QueueProbe): Unwatch {
    const nursery = this.observer.nursery() ?? this.ledger.root;
    return this.queues.watch({ sort, name, probe, site: this.observer.siteHere(nursery.scope) });
  }

  onFinding(listener: (finding: Finding) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #detectors(): Detector[] {
    const { ledger, places } = this;
    const growingListeners = new GrowingListeners(ledger, this.piles);
    const pendingRequests = new PendingRequests({ samples: this.requests, places, nameOf: requestNameOf });
    const retainedScopes = new RetainedScopes({
      ledger,
      samples: this.retained,
      places,
      majorGcCount: () => this.memory.gc.majors,
      explained: () => growingListeners.accusedScopes,
      alsoWantsPlaces: () => pendingRequests.wantsPlaces,
    });
    return [
      new Abandoned(ledger),
      new Outlived(ledger),
      new GrowingOrigins(ledger),
      new Overdue(ledger),
      growingListeners,
      new GrowingQueues(this.queues),
      new GrowingBuffers(ledger, this.buffers),
      pendingRequests,
      retainedScopes,
    ];
  }

  #onSweep(): void {
    this.sweep.run();
    this.observer.guard('telemetry', () => this.#exporting.onSweep());
    this.#tellExpired(this.clock.wallMs());
  }

  /** Rules that ran out speak up, once each. */
  #tellExpired(wallMs: number): void {
    for (const rule of this.config.ignore) if (isExpired(rule, wallMs)) tellOnce(expiryText(rule));
  }

  #tell(told: readonly Finding[]): void {
    for (const finding of told) {
      this.observer.guard('stderr', () => this.#announcer?.tell(finding));
      this.#exporting.tell(finding);
      for (const listener of this.#listeners) this.observer.guard('onFinding callback', () => listener(finding));
    }
  }
}
