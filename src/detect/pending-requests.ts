import type { PendingPlaces } from '../lifetime/pending-places.ts';
import type { ScopeSamples } from '../lifetime/scope-samples.ts';
import type { Charge, Detector } from './detector.ts';
import { type Staying, StayingWork, type StayingWorkRule } from './staying-work.ts';

export interface PendingRequestsOptions {
  /** Responses of requests, sampled when they come in. */
  readonly samples: ScopeSamples;
  readonly places: PendingPlaces;
  readonly rule?: StayingWorkRule;
  /** What a request is called now that its route may be known. */
  readonly nameOf: (response: object) => string | undefined;
}

/** Requests that are not answered at all: no header sent 24 sweeps on, of one cohort after the other, and none of them late. */
export class PendingRequests implements Detector {
  readonly name = 'pending-requests';
  readonly #o: PendingRequestsOptions;
  readonly #work: StayingWork;

  constructor(options: PendingRequestsOptions) {
    this.#o = options;
    this.#work = new StayingWork(options.places, options.rule);
  }

  /** Names of the scopes in which it should be looked where they wait. */
  get lookedFor(): ReadonlySet<string> {
    return this.#work.lookedFor;
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    const { samples } = this.#o;
    yield* samples.look(sweep, nowMs);
    const work = yield* this.#work.judged(samples, sweep, () => 'nothing');
    for (const staying of work) yield this.#charge(staying, nowMs);
  }

  #charge(staying: Staying, nowMs: number): Charge {
    const { watch, site } = staying;
    const [oldest] = watch.kept;
    const response = oldest?.thing.deref();
    return {
      key: `pending request ${watch.name} ${site?.id ?? ''}`,
      whenGone: () => staying.outcome,
      suspicion: {
        type: 'pending_task',
        detector: 'overdue',
        certainty: 'likely',
        severity: 'warning',
        kind: 'http.request',
        resourceType: 'http.ServerResponse',
        site,
        scopeName: (response === undefined ? undefined : this.#o.nameOf(response)) ?? watch.name,
        count: Math.max(watch.keptEstimate, watch.kept.length),
        opened: watch.born,
        bytes: 0,
        oldestAgeMs: oldest === undefined ? 0 : Math.max(0, nowMs - oldest.bornMs),
        rate: undefined,
        pattern: undefined,
        trace: oldest?.scope?.trace,
        advice:
          'answer on every path: what its handler waits for never settles (a pool run dry, a callback not called)',
        retainedBy: undefined,
      },
    };
  }
}
