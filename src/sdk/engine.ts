import { Abandoned } from '../detect/abandoned.ts';
import type { Detector } from '../detect/detector.ts';
import { expiryText, isExpired } from '../detect/ignore.ts';
import { Docket } from '../detect/docket.ts';
import type { Finding } from '../detect/finding.ts';
import { GrowingOrigins } from '../detect/growing-origins.ts';
import { Outlived } from '../detect/outlived.ts';
import { Overdue } from '../detect/overdue.ts';
import { Sweep } from '../detect/sweep.ts';
import { Ledger } from '../lifetime/ledger.ts';
import { SiteTable } from '../lifetime/site-table.ts';
import { asyncLocalStorageContext } from '../observe/context/async-local-storage.ts';
import type { HookGroup } from '../observe/hook.ts';
import { HookSet } from '../observe/hook-set.ts';
import { allHooks } from '../observe/hooks/all-hooks.ts';
import { Observer } from '../observe/observer.ts';
import { type Detach, detachAll } from '../observe/patch.ts';
import { appRootOf, ownershipOf } from '../runtime/app-root.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { placesOf } from '../runtime/places.ts';
import { stamp } from '../runtime/stamp.ts';
import { ownTimers } from '../runtime/timers.ts';
import type { Config } from './config-table.ts';
import { flushesAtExit } from './exit.ts';
import { Troubles, tellOnce } from './troubles.ts';

/** Everything that runs in one process, wired: the only place where the rooms meet. `start()` makes it. */
export class Engine {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly observer: Observer;
  readonly hooks: HookSet;
  readonly docket: Docket;
  readonly sweep: Sweep;
  readonly troubles = new Troubles();
  readonly #listeners = new Set<(finding: Finding) => void>();
  readonly #detaches: Detach[] = [];

  constructor(config: Config, clock: Clock = systemClock()) {
    this.config = config;
    const { nowMs, wallMs } = clock;
    const appRoot = config.appRoot ?? appRootOf();
    this.ledger = new Ledger({
      maxOpen: config.maxOpen,
      nowMs,
      adopted: stamp(),
    });
    this.observer = new Observer({
      ledger: this.ledger,
      context: asyncLocalStorageContext(),
      sites: new SiteTable(ownershipOf({ appRoot })),
      siteSampling: config.siteSampling,
      activeTrace: () => undefined,
      failed: this.troubles.note,
    });
    this.hooks = new HookSet(this.observer, allHooks);
    this.docket = new Docket({
      placeOf: placesOf({ appRoot, cwd: process.cwd() }),
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
  }

  start(): void {
    this.hooks.attachOnly(this.config.hooks);
    const timer = ownTimers.setInterval(() => this.#onSweep(), this.config.sweepIntervalMs);
    this.#detaches.push(
      () => timer.cancel(),
      flushesAtExit(() => this.flush()),
    );
  }

  /** Bounded by `shutdownTimeoutMs`; never rejects. */
  async flush(): Promise<void> {
    this.sweep.runToEnd();
  }

  async stop(): Promise<void> {
    await this.flush();
    detachAll(this.#detaches)();
    this.hooks.detachAll();
    this.observer.context.detach();
  }

  /** Switches hook groups on and off while the app runs: those named are attached, all others detached. */
  setHooks(groups: ReadonlySet<HookGroup>): void {
    this.hooks.attachOnly(groups);
  }

  onFinding(listener: (finding: Finding) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #detectors(): Detector[] {
    return [
      new Abandoned(this.ledger),
      new Outlived(this.ledger),
      new GrowingOrigins(this.ledger),
      new Overdue(this.ledger),
    ];
  }

  #onSweep(): void {
    this.sweep.run();
    this.#tellExpired(Date.now());
  }

  /** Rules that ran out speak up, once each. */
  #tellExpired(wallMs: number): void {
    for (const rule of this.config.ignore) if (isExpired(rule, wallMs)) tellOnce(expiryText(rule));
  }

  #tell(told: readonly Finding[]): void {
    for (const finding of told) {
      for (const listener of this.#listeners) this.observer.guard('onFinding callback', () => listener(finding));
    }
  }
}
