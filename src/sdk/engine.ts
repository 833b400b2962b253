import type { Finding } from '../detect/finding.ts';
import { Ledger } from '../lifetime/ledger.ts';
import { ListenerPiles } from '../lifetime/listener-piles.ts';
import { PendingPlaces } from '../lifetime/pending-places.ts';
import { type QueueProbe, type QueueSort, Queues, type Unwatch } from '../lifetime/queues.ts';
import { SiteTable } from '../lifetime/site-table.ts';
import { SwollenBuffers } from '../lifetime/swollen-buffers.ts';
import { contextOf } from '../observe/context/context-of.ts';
import type { HookGroup } from '../observe/hook.ts';
import { HookSet } from '../observe/hook-set.ts';
import { allHooks } from '../observe/hooks/all-hooks.ts';
import { requestSamples } from '../observe/hooks/pending-requests.ts';
import { endedScopeSamples } from '../observe/hooks/tasks.ts';
import { Observer } from '../observe/observer.ts';
import { type Detach, detachAll } from '../observe/patch.ts';
import { appRootOf, entryOf, ownershipOf, realFolder } from '../runtime/app-root.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { isPending } from '../runtime/promise-births.ts';
import { stamp } from '../runtime/stamp.ts';
import { ownTimers } from '../runtime/timers.ts';
import type { Providers } from '../telemetry/telemetry.ts';
import { activeTrace } from '../telemetry/active-trace.ts';
import { onceAppIsAtWork } from './app-at-work.ts';
import type { Config } from './config-table.ts';
import { flushesAtExit } from './exit.ts';
import { exportIsWanted } from './export-wanted.ts';
import type { Judging } from './judging.ts';
import { Troubles } from './troubles.ts';

/** When what judges is loaded: after the current turn, or when the app's own code has been seen at work. */
export type JudgesFrom = 'next-turn' | 'app-at-work';

/**
 * Everything that runs in one process, wired: the only place where the rooms meet. What must be there before the app's
 * first line is here, all else in `Judging`.
 */
export class Engine {
  readonly config: Config;
  readonly clock: Clock;
  /** Where the app lies, and where it was started. */
  readonly home: { readonly appRoot: string; readonly cwd: string };
  readonly troubles = new Troubles();
  readonly ledger: Ledger;
  readonly sites: SiteTable;
  readonly piles = new ListenerPiles();
  readonly buffers = new SwollenBuffers();
  readonly places = new PendingPlaces(isPending);
  readonly retained = endedScopeSamples(
    () => this.#majorGcCount(),
    () => this.observer.context,
  );
  readonly requests = requestSamples();
  readonly queues: Queues;
  readonly observer: Observer;
  readonly hooks: HookSet;
  /** The groups that the user wants attached. */
  wantedHooks: ReadonlySet<HookGroup>;
  /** Providers that the app has handed over by itself. */
  given: Providers = {};
  readonly #listeners = new Set<(finding: Finding) => void>();
  readonly #detaches: Detach[] = [];
  #judging: Judging | undefined;
  #loading: Promise<void> | undefined;
  #stopped = false;

  constructor(config: Config, clock: Clock = systemClock()) {
    const { nowMs, wallMs } = clock;
    const entry = entryOf();
    const appRoot = config.appRoot === undefined ? appRootOf(entry) : realFolder(config.appRoot);
    this.config = config;
    this.clock = clock;
    this.home = { appRoot, cwd: entry.cwd };
    const majors = (): number => this.#majorGcCount();
    this.ledger = new Ledger({ maxOpen: config.maxOpen, nowMs, majors, adopted: stamp() });
    this.sites = new SiteTable(ownershipOf({ appRoot }));
    this.queues = new Queues({ wallMs, failed: (name, error) => this.troubles.note(`the watch of ${name}`, error) });
    this.observer = new Observer({
      ledger: this.ledger,
      context: contextOf(config.context),
      sites: this.sites,
      siteSampling: config.siteSampling,
      activeTrace,
      failed: this.troubles.note,
    });
    this.hooks = new HookSet(this.observer, allHooks(this));
    this.wantedHooks = config.hooks;
  }

  /** `undefined` in an app's first moments. */
  get judging(): Judging | undefined {
    return this.#judging;
  }

  start(judgesFrom: JudgesFrom): void {
    this.hooks.attachOnly(this.config.hooks);
    this.#detaches.push(
      flushesAtExit({ isWanted: () => this.#hasWhatToFlush(), flush: () => this.#flushWhatIsThere() }),
    );
    const judge = (): void => void this.#judge();
    if (judgesFrom === 'next-turn') ownTimers.soon(judge);
    else {
      const asking = onceAppIsAtWork(this, judge);
      this.#detaches.push(() => asking.cancel());
    }
  }

  /** Sweeps once more and sends what was not sent. Bounded by `shutdownTimeoutMs`; never rejects. */
  async flush(): Promise<void> {
    if (this.#judging === undefined) await this.#judge();
    await this.#judging?.flush();
  }

  async stop(): Promise<void> {
    // at once, so that who starts again without waiting finds Node as it was
    detachAll(this.#detaches)();
    this.hooks.detachAll();
    await this.#flushWhatIsThere();
    this.#stopped = true;
    this.#judging?.stop();
    this.observer.context.detach();
    await this.#judging?.close();
  }

  /** Switches hook groups on and off while the app runs: those named are attached, all others detached. */
  setHooks(groups: ReadonlySet<HookGroup>): void {
    this.wantedHooks = groups;
    this.hooks.attachOnly(groups.difference(this.#judging?.governor.detached ?? new Set()));
  }

  watchQueue(sort: QueueSort, name: string, probe: QueueProbe): Unwatch {
    const nursery = this.observer.nursery() ?? this.ledger.root;
    return this.queues.watch({ sort, name, probe, site: this.observer.siteHere(nursery.scope) });
  }

  /** Takes providers that the app hands over by itself, as early as it likes. */
  use(providers: Providers): void {
    this.given = { ...this.given, ...providers };
    this.#judging?.use(providers);
  }

  onFinding(listener: (finding: Finding) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(finding: Finding): void {
    for (const listener of this.#listeners) this.observer.guard('onFinding callback', () => listener(finding));
  }

  /** A process that ends in its first moments has nothing to judge; it loads for its end only what it exports. */
  async #flushWhatIsThere(): Promise<void> {
    if (this.#hasWhatToFlush()) await this.flush();
  }

  #hasWhatToFlush(): boolean {
    return this.#judging !== undefined || exportIsWanted(process.env);
  }

  #majorGcCount(): number {
    return this.#judging?.memory.gc.majors ?? 0;
  }

  #judge(): Promise<void> {
    this.#loading ??= this.observer.quietly(() => this.#loadJudging());
    return this.#loading;
  }

  async #loadJudging(): Promise<void> {
    try {
      const { Judging } = await import('./judging.ts');
      if (this.#stopped) return;
      const judging = new Judging(this);
      judging.start();
      this.#judging = judging;
    } catch (error) {
      this.troubles.note('judging', error);
    }
  }
}
