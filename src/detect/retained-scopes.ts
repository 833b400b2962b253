import type { Ledger } from '../lifetime/ledger.ts';
import type { PendingPlaces } from '../lifetime/pending-places.ts';
import type { ScopeSamples, ScopeWatch } from '../lifetime/scope-samples.ts';
import type { Charge, Detector } from './detector.ts';
import { type Need, type Staying, StayingWork, type StayingWorkRule } from './staying-work.ts';

export interface RetainedScopesOptions {
  readonly ledger: Ledger;
  readonly samples: ScopeSamples;
  readonly places: PendingPlaces;
  readonly rule?: StayingWorkRule;
  readonly majorGcCount: () => number;
  /** Names of scopes whose retention another standing accusation may explain. */
  readonly explained: () => ReadonlySet<string>;
  /** Names of scopes whose promises another detector wants to be looked at. */
  readonly alsoLookedFor: () => ReadonlySet<string>;
}

/**
 * Retained scopes: a request is over, and something asynchronous holds its context two major collections later: work that
 * never settles. Never one alone, for an idle socket of a pool does the same; some of each cohort must stay, more than
 * there are open connections, and without an open lifetime in them, of which another finding would tell.
 */
export class RetainedScopes implements Detector {
  readonly name = 'retained-scopes';
  readonly #o: RetainedScopesOptions;
  readonly #work: StayingWork;

  constructor(options: RetainedScopesOptions) {
    this.#o = options;
    this.#work = new StayingWork(options.places, options.rule);
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    const { ledger, samples, places, majorGcCount, explained, alsoLookedFor } = this.#o;
    yield* samples.look(sweep, nowMs);
    const told = explained();
    // a socket that a request has opened is left open in it, and such requests are not counted at all
    const connections = ledger.tallyOf('http.connection').open;
    const needOf = ({ name, keptEstimate }: ScopeWatch): Need =>
      keptEstimate <= connections ? 'more of them' : told.has(name) ? 'its line' : 'nothing';
    const staying = yield* this.#work.judged(samples, sweep, needOf);
    places.look({ sweep, majors: majorGcCount(), names: this.#work.lookedFor.union(alsoLookedFor()) });
    for (const one of staying) yield this.#charge(one, nowMs);
  }

  #charge(staying: Staying, nowMs: number): Charge {
    const { watch, site } = staying;
    const [oldest] = watch.kept;
    return {
      key: `retained ${watch.name} ${site?.id ?? ''}`,
      whenGone: () => staying.outcome,
      suspicion: {
        type: 'pending_task',
        detector: 'outlived',
        certainty: 'likely',
        severity: 'warning',
        kind: 'context',
        resourceType: site === null ? 'async context' : 'Promise',
        site,
        scopeName: watch.name,
        count: Math.max(watch.keptEstimate, watch.kept.length),
        opened: watch.born,
        bytes: 0,
        oldestAgeMs: oldest === undefined ? 0 : Math.max(0, nowMs - oldest.bornMs),
        rate: undefined,
        pattern: undefined,
        trace: watch.kept.at(-1)?.scope?.trace,
        advice:
          'settle what it waits for on every path, error and close included, or bound it by `AbortSignal.timeout()`',
        retainedBy: undefined,
      },
    };
  }
}
