import type { Kind } from '../lifetime/kind.ts';
import type { Ledger } from '../lifetime/ledger.ts';
import { libraryOf } from '../lifetime/library.ts';
import { Nursery } from '../lifetime/nursery.ts';
import type { Origin } from '../lifetime/origin.ts';
import { Scope, type TraceExample } from '../lifetime/scope.ts';
import type { Frame, Site } from '../lifetime/site.ts';
import type { SiteTable } from '../lifetime/site-table.ts';
import type { TrackedType } from '../lifetime/tracked-type.ts';
import { type Above, capturedFrames } from '../runtime/stack.ts';
import { CaptureBudget } from './capture-budget.ts';
import type { ScopeContext } from './context/scope-context.ts';
import type { HookGroup } from './hook.ts';
import { LateDetaches } from './late-detaches.ts';
import type { Detach } from './patch.ts';

/** Frames V8 walks for a site: 4 reach the app's line in 10 of 19 cases, 64 in all. */
const captureDepth = 64;
/** So many openings of a type have their sites captured each sweep, then one in `siteSampling`. */
const firstOfSweep = 4;
/** How long a library stays suspect that opens things when no frame of the app is on the stack. */
const librarySuspectSweeps = 64;
/** Captures a second. */
const capturesPerSecond = 200;
/** What each type under suspicion may have of them for itself, beyond what all share. */
const capturesPerSecondOfSuspect = 8;
/** Of these, the ones by chance: what they name is not under suspicion. */
const sampledPerSecond = 20;

export interface ObserverOptions {
  readonly ledger: Ledger;
  readonly context: ScopeContext;
  readonly sites: SiteTable;
  /** One in so many openings has its site captured while its type is not suspect. */
  readonly siteSampling: number;
  /** The trace that the current code works in, if any: an example for findings. */
  readonly activeTrace: () => TraceExample | undefined;
  /** Told of an error in our own code inside a hook; the host never sees it. */
  readonly failed: (where: string, error: unknown) => void;
}

/** What a site is captured for. */
export interface Opening {
  /** The name of its type, so that what else a line opens is told apart. */
  readonly opens?: string;
  readonly suspect?: boolean;
}

/**
 * What every hook works with: the ledger, the current scope, the sites. A hook publishes "this was opened, that has
 * ended"; it never judges.
 */
export class Observer {
  readonly ledger: Ledger;
  readonly context: ScopeContext;
  /** The scope of outlive's own work (exports, its timers): what is opened in it is nobody's business. */
  readonly own: Nursery;
  /** By group of hooks, where it follows a sample: the share of its openings that it has followed lately. */
  readonly followedShares = new Map<HookGroup, () => number>();
  /** Stacks captured so far. */
  captures = 0;
  /** Whether a line of the app was seen at work. */
  appHasRun = false;
  /** What the app has called while an integration tells of that: its sites lie above it, though the integration be the app's. */
  calledThrough: Above | undefined;
  readonly #o: ObserverOptions;
  readonly #late = new LateDetaches();
  readonly #budget = new CaptureBudget(capturesPerSecond);
  readonly #ofSuspects = new Map<TrackedType, CaptureBudget>();
  readonly #sampleBudget: CaptureBudget;

  constructor(options: ObserverOptions) {
    this.#o = options;
    this.ledger = options.ledger;
    this.context = options.context;
    this.#sampleBudget = new CaptureBudget(Math.max(sampledPerSecond, capturesPerSecond / options.siteSampling));
    this.own = new Nursery(new Scope('process', 'outlive', 0, undefined));
  }

  /** The nursery that an opening belongs to now; `undefined` inside outlive's own work, where nothing is booked. */
  nursery(): Nursery | undefined {
    const current = this.context.current();
    if (current === undefined) return this.ledger.root;
    if (current === this.own) return undefined;
    return current.scope.ended ? this.ledger.lateNursery(current) : current;
  }

  /** Books an opening in the current scope, at the current line where that is sampled. Hot path. */
  open(thing: object, type: TrackedType): void {
    const nursery = this.nursery();
    if (nursery !== undefined) this.ledger.open(nursery, thing, type, this.originHere(type, nursery.scope));
  }

  /** Books an opening that the app tells of itself: at once in a row, always with its line. */
  openHeld(thing: object, type: TrackedType): void {
    const nursery = this.nursery();
    if (nursery === undefined) return;
    const site = this.siteHere(nursery.scope, { opens: type.name });
    this.ledger.openSurvivor(nursery, thing, type, site === null ? null : type.originAt(site));
  }

  /** Where the current call opens something of this type, or `null` when this opening is not sampled. */
  originHere(type: TrackedType, scope: Scope): Origin | null {
    if (!this.wantsSite(type)) return null;
    const suspect = type.suspectForSweeps > 0;
    if (suspect) scope.trace ??= this.#o.activeTrace();
    const opening = { opens: type.name, suspect };
    const site = suspect && this.#hasOwnShare(type) ? this.siteOfDrawn(scope, opening) : this.siteHere(scope, opening);
    return site === null ? null : type.originAt(site);
  }

  /** A suspect that is opened seldom has each of its sites captured, however many stacks the busy ones ask for. */
  #hasOwnShare(type: TrackedType): boolean {
    let budget = this.#ofSuspects.get(type);
    if (budget === undefined) this.#ofSuspects.set(type, (budget = new CaptureBudget(capturesPerSecondOfSuspect)));
    return budget.take(this.ledger.nowMs, this.ledger.samplingShare);
  }

  wantsSite(type: TrackedType): boolean {
    const { opened } = type;
    if (type.suspectForSweeps > 0 || opened - type.openedBefore < firstOfSweep) return true;
    if (type.judgement === 'none' || opened % this.#o.siteSampling !== 0) return false;
    return this.#sampleBudget.take(this.ledger.nowMs, this.ledger.samplingShare);
  }

  /** The site of the current call; where no frame of the app is on the stack, the call that caused it in this scope. */
  siteHere(scope: Scope, opening?: Opening): Site | null {
    return this.#budget.take(this.ledger.nowMs, this.ledger.samplingShare) ? this.siteOfDrawn(scope, opening) : null;
  }

  /** The same, without a budget: for few calls, whose number is bounded by whoever asks. */
  siteOfDrawn(scope: Scope, { opens = '', suspect = false }: Opening = {}): Site | null {
    const site = this.#capture(opens);
    if (site?.inApp === true) {
      if (site.libraries.length > 0) scope.causeSite = site;
      return site;
    }
    const cause = scope.causeSite;
    if (cause !== null && (site === null || site.libraries.some((library) => cause.libraries.includes(library))))
      return this.#o.sites.siteAt(cause, opens, site?.frame);
    if (suspect && site?.libraries[0] !== undefined)
      this.ledger.suspectLibrary(site.libraries[0], librarySuspectSweeps);
    return site;
  }

  /** The line that works with a library: its site but for the library's own frames. Without a budget, as `siteOfDrawn`. */
  siteOutside(library: string): Site | null {
    return this.#capture(library, ({ file }) => libraryOf(file) !== library);
  }

  /** Runs outlive's own work: nothing in it, nor in what it starts, is observed. */
  quietly<R>(fn: () => R): R {
    return this.context.run(this.own, fn);
  }

  /** An error of our own in a host's call, which never sees it. */
  failed(where: string, error: unknown): void {
    this.#o.failed(where, error);
  }

  /** The one try/catch around our own code in the host's calls, but for what is called in each request. */
  guard(where: string, fn: () => void): void {
    try {
      fn();
    } catch (error) {
      this.#o.failed(where, error);
    }
  }

  /**
   * `fn` for a host's call: what it throws the host never sees, it answers `undefined` then. All that it gives are one
   * function to V8, which takes none of them into its caller: what is called in each request catches for itself.
   */
  safely<A, R>(where: string, fn: (a: A) => R): (a: A) => R | undefined;
  safely<A, B, R>(where: string, fn: (a: A, b: B) => R): (a: A, b: B) => R | undefined;
  safely<A, B, C, R>(where: string, fn: (a: A, b: B, c: C) => R): (a: A, b: B, c: C) => R | undefined;
  // no rest parameter: that is an array for each call
  safely<R>(where: string, fn: (...args: unknown[]) => R): (a: unknown, b: unknown, c: unknown) => R | undefined {
    return (a, b, c) => {
      try {
        return fn(a, b, c);
      } catch (error) {
        this.#o.failed(where, error);
        return undefined;
      }
    };
  }

  /** Remembers what a hook attached later than at its attach, to be undone with everything else. */
  onDetach(detach: Detach, target?: object): void {
    this.#late.add(detach, target);
  }

  detachLate(): void {
    this.#late.run();
  }

  defineType(o: Parameters<Ledger['defineType']>[0]): TrackedType {
    return this.ledger.defineType(o);
  }

  countOpened(kind: Kind): void {
    this.ledger.tallyOf(kind).opened++;
  }

  #capture(opens: string, counts?: (frame: Frame) => boolean): Site | null {
    this.captures++;
    const frames = capturedFrames(captureDepth, this.calledThrough);
    const site = this.#o.sites.siteOf(counts === undefined ? frames : frames.filter(counts), opens);
    if (site?.inApp === true) this.appHasRun = true;
    return site;
  }
}
