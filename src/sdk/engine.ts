import { Abandoned } from '../detect/abandoned.ts';
import type { Detector } from '../detect/detector.ts';
import { Docket } from '../detect/docket.ts';
import type { Finding } from '../detect/finding.ts';
import { Outlived } from '../detect/outlived.ts';
import { Sweep } from '../detect/sweep.ts';
import { Ledger } from '../lifetime/ledger.ts';
import { SiteTable } from '../lifetime/site-table.ts';
import { asyncLocalStorageContext } from '../observe/context/async-local-storage.ts';
import { HookSet } from '../observe/hook-set.ts';
import { allHooks } from '../observe/hooks/all-hooks.ts';
import { Observer } from '../observe/observer.ts';
import { systemClock } from '../runtime/clock.ts';
import { collectionWatch } from '../runtime/collection.ts';
import { type OwnTimer, ownTimers } from '../runtime/timers.ts';
import type { Config } from './config-table.ts';

/** Everything that runs in one process, wired. Only `start()` makes one. */
export class Engine {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly observer: Observer;
  readonly hooks: HookSet;
  readonly docket: Docket;
  readonly sweep: Sweep;
  readonly #listeners = new Set<(finding: Finding) => void>();
  #timer: OwnTimer | undefined;

  constructor(config: Config) {
    this.config = config;
    const clock = systemClock();
    this.ledger = new Ledger({ maxOpen: config.maxOpen, nowMs: clock.nowMs, watchCollection: collectionWatch });
    const sites = new SiteTable({
      isApp: (f) => !f.includes('/node_modules/'),
      isOutlive: (f) => f.includes('/work/main/dist/src'),
    });
    this.observer = new Observer({
      ledger: this.ledger,
      context: asyncLocalStorageContext(),
      sites,
      siteSampling: config.siteSampling,
      failed: (where, error) => console.error('outlive failed', where, error),
    });
    this.hooks = new HookSet(this.observer, allHooks);
    this.docket = new Docket({
      placeOf: ({ frame }) => ({ ...frame, text: '', stack: '' }),
      wallMs: clock.wallMs,
      ignore: config.ignore,
      updateIntervalMs: config.updateIntervalMs,
      maxFindings: config.maxFindings,
    });
    const detectors: Detector[] = [new Abandoned(this.ledger), new Outlived(this.ledger)];
    this.sweep = new Sweep({
      ledger: this.ledger,
      detectors,
      docket: this.docket,
      nowMs: clock.nowMs,
      soon: (fn) => ownTimers.setImmediate(fn),
      tell: (findings) => findings.forEach((finding) => this.#tell(finding)),
      failed: (name, error) => console.error('outlive failed', name, error),
    });
  }

  start(): void {
    this.hooks.attachOnly(this.config.hooks);
    this.#timer = ownTimers.setInterval(() => this.sweep.run(), this.config.sweepIntervalMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.hooks.detachAll();
    this.observer.context.detach();
  }

  onFinding(listener: (finding: Finding) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(finding: Finding): void {
    console.error(
      `outlive: ${finding.state} ${finding.type} ${finding.certainty} ${finding.resourceType} ×${finding.count} ${finding.place?.file}:${finding.place?.line}:${finding.place?.column} ${finding.place?.fn}`,
    );
    for (const listener of this.#listeners) listener(finding);
  }
}
