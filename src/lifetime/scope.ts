import type { ActiveRequests } from './request-times.ts';
import type { Runs, ScopeCount } from './scope-stats.ts';
import type { Site } from './site.ts';

/**
 * What sort of work a scope is. Two sorts never end: `process`, the one around everything, and `background`, what a
 * request or job has left running (a poller started at the first request).
 */
export type ScopeSort = 'request' | 'upgrade' | 'task' | 'process' | 'background';

/** An example of the scope's work in a trace, as OTel names it (hex ids). */
export interface TraceExample {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/**
 * A piece of work that must end what it opened: a request, a job, a task, a test.
 * Holds no object of the app, so that a lifetime may refer to it long after the work is over.
 */
export class Scope {
  readonly sort: ScopeSort;
  /** The work that it is part of, until it ends: an ended one holds no chain of those before it. */
  parent: Scope | undefined;
  /** The ledger's sweep at which it began. */
  readonly openedAtSweep: number;
  /** Where work of its name is counted; nowhere for what has no end. */
  readonly counted: ScopeCount | undefined;
  /** Low-cardinality name, e.g. `GET /orders/:id`. The route may become known only when the request ends. */
  name: string;
  /** The name that it will end with, once a framework has told its route. */
  expectedName: string | undefined = undefined;
  /** The ledger's sweep at which it ended; −1 while it is active. */
  endedAtSweep = -1;
  /** The site of the last outgoing call made in it: a thing that arrives without any frame of the app takes it. */
  causeSite: Site | null = null;
  trace: TraceExample | undefined = undefined;
  /** How often its server did such work, where that is told apart; else it is as often as work of its name was done. */
  runs: Runs | undefined = undefined;
  /** Of a request that is under way. */
  request: ActiveRequests | undefined = undefined;
  /** Ms of the ledger's clock at which the request began, where somebody wants to know how long it takes. */
  startedMs: number | undefined = undefined;

  constructor(sort: ScopeSort, name: string, openedAtSweep: number, parent: Scope | undefined, counted?: ScopeCount) {
    this.sort = sort;
    this.name = name;
    this.openedAtSweep = openedAtSweep;
    this.parent = parent;
    this.counted = counted;
  }

  /** The best that is known of its name by now. */
  get bestName(): string {
    return this.ended ? this.name : (this.expectedName ?? this.name);
  }

  /** Work that has no end by nature. */
  get isEndless(): boolean {
    return this.sort === 'process' || this.sort === 'background';
  }

  get ended(): boolean {
    return this.endedAtSweep >= 0;
  }
}
