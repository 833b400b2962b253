import { Abandoned } from '../../src/detect/abandoned.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { Docket } from '../../src/detect/docket.ts';
import type { Finding } from '../../src/detect/finding.ts';
import { GrowingOrigins } from '../../src/detect/growing-origins.ts';
import { GrowingQueues } from '../../src/detect/growing-queues.ts';
import { Outlived } from '../../src/detect/outlived.ts';
import { Overdue } from '../../src/detect/overdue.ts';
import { Survival } from '../../src/detect/survival.ts';
import { Sweep } from '../../src/detect/sweep.ts';
import type { Kind } from '../../src/lifetime/kind.ts';
import { Ledger } from '../../src/lifetime/ledger.ts';
import type { Nursery } from '../../src/lifetime/nursery.ts';
import { type QueueProbe, type QueueSort, Queues } from '../../src/lifetime/queues.ts';
import type { Site } from '../../src/lifetime/site.ts';
import { SiteTable } from '../../src/lifetime/site-table.ts';
import type { Judgement, TrackedType } from '../../src/lifetime/tracked-type.ts';
import { CaptureBudget } from '../../src/observe/capture-budget.ts';
import { Observer } from '../../src/observe/observer.ts';
import { stamp } from '../../src/runtime/stamp.ts';
import { optionTable } from '../../src/sdk/config-table.ts';
import { Agenda } from './agenda.ts';
import type { Constants } from './constants.ts';
import type { Random } from './random.ts';
import { type AppTime, probeOf, Thing, type ThingOptions } from './thing.ts';

export const sweepMs = 10_000;
const { siteSampling, alarmsPerServiceMonth } = optionTable;
const capturesPerSecond = 200;

/** A line of the simulated app that opens things of one type. */
export interface Line {
  readonly type: TrackedType;
  readonly site: Site;
}

export interface Raised {
  readonly finding: Finding;
  readonly atMs: number;
}

/** One life of one simulated process: the real ledger and detectors, wired as in `src/sdk/judging.ts`, on a clock that is told. */
export class Service implements AppTime {
  readonly random: Random;
  readonly ledger: Ledger;
  readonly queues: Queues;
  readonly raised: Raised[] = [];
  nowMs = 1;
  appMs = 1;
  majors = 0;
  readonly #agenda = new Agenda();
  readonly #observer: Observer;
  readonly #sites = new SiteTable({ isApp: () => true, isOutlive: () => false });
  readonly #probe = probeOf(this);
  readonly #budget = new CaptureBudget(capturesPerSecond);
  readonly #sweep: Sweep;
  readonly #majorShare: number;
  #lines = 0;
  #stalledUntilMs = 0;

  constructor(random: Random, constants: Constants) {
    const nowMs = (): number => this.nowMs;
    this.random = random;
    this.#majorShare = 1 / random.logBetween(2, 12);
    this.ledger = new Ledger({ maxOpen: 100_000, nowMs, majors: () => this.majors, adopted: stamp() });
    this.queues = new Queues({ wallMs: nowMs, failed: thrown });
    this.#observer = new Observer({
      ledger: this.ledger,
      context: { mechanism: 'async-local-storage', current: () => undefined, run: (_, fn) => fn(), detach: () => {} },
      sites: this.#sites,
      siteSampling: siteSampling.default,
      activeTrace: () => undefined,
      failed: thrown,
    });
    this.#sweep = new Sweep({
      ledger: this.ledger,
      detectors: this.#detectors(constants),
      docket: new Docket({
        placeOf: ({ frame }) => ({ ...frame, text: `line ${frame.line}`, stack: '' }),
        wallMs: nowMs,
        ignore: [],
        updateIntervalMs: 60_000,
        maxFindings: 200,
      }),
      nowMs,
      soon: (fn) => fn(),
      tell: (findings) => this.#told(findings),
      failed: thrown,
    });
  }

  line(kind: Kind, typeName: string, judgement: Judgement = 'scope'): Line {
    const frame = { file: '/app/app.js', line: ++this.#lines, column: 1, fn: 'handler' };
    const site = this.#sites.siteOf([frame]);
    if (site === null) throw new RangeError('The table of sites is full.');
    return {
      type: this.ledger.defineType({ kind, name: typeName, probe: this.#probe, judgement, advice: 'end it' }),
      site,
    };
  }

  after(delayMs: number, act: () => void): void {
    this.#agenda.add(this.appMs + delayMs, act);
  }

  /** At random times, as of a Poisson process whose rate may change; `perS` gives the share of `mostPerS` at a time. */
  arrivals(mostPerS: number, act: () => void, shareAt?: (appMs: number) => number): void {
    const arrive = (): void => {
      if (shareAt === undefined || this.random.chance(shareAt(this.appMs))) act();
      this.after(this.random.exponential(1000 / mostPerS), arrive);
    };
    this.after(this.random.exponential(1000 / mostPerS), arrive);
  }

  /** One request from begin to end. */
  request(name: string, durationMs: number, handle: (nursery: Nursery) => void): void {
    const nursery = this.ledger.openScope('request', name, undefined);
    handle(nursery);
    this.after(durationMs, () => this.ledger.endScope(nursery));
  }

  /** `ended` scopes get a background of their own, as in `Observer.nursery`. */
  open(nursery: Nursery, { type, site }: Line, o: ThingOptions): Thing {
    const thing = new Thing(this, o);
    const captured = this.#observer.wantsSite(type) && this.#budget.take(this.nowMs);
    const at = nursery.scope.ended ? this.ledger.lateNursery(nursery) : nursery;
    this.ledger.open(at, thing, type, captured ? type.originAt(site) : null);
    return thing;
  }

  watch(sort: QueueSort, name: string, probe: QueueProbe): void {
    const { site } = this.line(sort, name);
    this.queues.watch({ sort, name, probe, site });
  }

  /** The process does nothing for so long: what would have run, runs after it, and the first sweep is before all that. */
  stall(forMs: number): void {
    this.#stalledUntilMs = this.appMs + forMs;
  }

  /** Runs until `untilMs`, or until `done` says at a sweep that it is enough. */
  run(untilMs: number, done: () => boolean = () => false): void {
    while (this.nowMs < untilMs && !done()) {
      const sweepAtMs = this.nowMs + sweepMs + this.random.between(0, 20);
      this.#live(sweepAtMs);
      this.nowMs = Math.max(sweepAtMs, this.#stalledUntilMs);
      if (this.#stalledUntilMs <= sweepAtMs) this.appMs = this.nowMs;
      if (this.random.chance(this.#majorShare)) this.majors++;
      this.#sweep.runToEnd();
    }
  }

  #live(untilMs: number): void {
    for (; this.#agenda.nextMs <= untilMs; this.#agenda.take()?.()) {
      if (this.#stalledUntilMs > this.appMs && this.nowMs < this.#stalledUntilMs) return;
      this.appMs = Math.max(this.appMs, this.#agenda.nextMs);
      this.nowMs = Math.max(this.nowMs, this.appMs);
    }
  }

  #detectors(constants: Constants): Detector[] {
    const survival = new Survival(constants.outlived, alarmsPerServiceMonth.default);
    return [
      new Abandoned(this.ledger),
      new Outlived(this.ledger, constants.outlived, survival),
      new GrowingOrigins(this.ledger, constants.outlived, survival),
      new Overdue(this.ledger),
      new GrowingQueues(this.queues),
    ];
  }

  #told(findings: readonly Finding[]): void {
    for (const finding of findings) {
      if (finding.state === 'raised' && finding.severity !== 'info') this.raised.push({ finding, atMs: this.appMs });
    }
  }
}

/** In a simulation nothing may fail in silence. */
function thrown(where: string, error: unknown): never {
  throw new Error(`The ${where} failed`, { cause: error });
}
