import type { Ledger } from '../lifetime/ledger.ts';
import type { Origin } from '../lifetime/origin.ts';
import type { ScopeSort } from '../lifetime/scope.ts';
import type { TrackedType } from '../lifetime/tracked-type.ts';
import { type Churn, ChurnRecord, churnWindowSweeps } from './churn-record.ts';
import type { Charge, Detector, Outcome } from './detector.ts';
import { poissonRate } from './origin-suspicion.ts';

/** In 64 sweeps: one a sweep, in 6 of 8 windows. What is made now and then costs nothing. */
const minMade = 64;
const minWindowsWithSome = 6;
/** So many must have been closed before their work was over: what a pool closes when it is idle lives longer. */
const minClosedShare = 0.5;
/** Of those that were looked at when they were closed, so many must have been connected: others cost next to nothing. */
const minConnectedShare = 0.5;
/** What stands keeps standing at half of that. */
const easeWhileTold = 0.5;

const repeatedWork: ReadonlySet<ScopeSort> = new Set<ScopeSort>(['request', 'upgrade', 'task']);

/** A churn that is told, and since when. */
interface Told {
  churn: Churn;
  readonly sinceMs: number;
  outcome: Outcome;
}

/**
 * Client churn: each run of some work makes a client, connects it and closes it as it should. No leak, but each run pays
 * for a connection, here and at the other end.
 */
export class ClientChurn implements Detector {
  readonly name = 'client-churn';
  readonly #ledger: Ledger;
  readonly #records = new Map<Origin, ChurnRecord>();
  readonly #told = new Map<Origin, Told>();
  readonly #openedBefore = new Map<TrackedType, number>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    for (const type of this.#ledger.types) {
      if (type.kind !== 'client' || type.judgement !== 'scope') continue;
      if (!type.isWatched) {
        this.#forget(type);
        continue;
      }
      if (sweep % churnWindowSweeps === 0) yield* this.#endWindow(type, nowMs);
      for (const origin of type.origins) yield this.#charge(origin, nowMs);
    }
  }

  /** What is made while nobody looks is not known: it begins anew. */
  #forget(type: TrackedType): void {
    if (!this.#openedBefore.delete(type)) return;
    for (const origin of type.origins) {
      this.#records.delete(origin);
      const told = this.#told.get(origin);
      if (told !== undefined) told.outcome = 'unwatched';
      this.#told.delete(origin);
    }
  }

  *#endWindow(type: TrackedType, nowMs: number): Iterable<undefined> {
    const perCapture = this.#perCapture(type);
    this.#openedBefore.set(type, type.opened);
    for (const origin of type.origins) {
      yield;
      const record = this.#records.get(origin);
      if (record === undefined) {
        this.#records.set(origin, new ChurnRecord(origin, nowMs));
        continue;
      }
      record.endWindow(origin, perCapture, nowMs);
      this.#judge(origin, record.churn, nowMs);
    }
  }

  /** Of the openings of a type a sample has its line captured. */
  #perCapture(type: TrackedType): number {
    let captured = 0;
    for (const origin of type.origins) captured += this.#records.get(origin)?.openedSince(origin) ?? origin.opened;
    const opened = type.opened - (this.#openedBefore.get(type) ?? type.opened);
    return captured === 0 ? 1 : Math.max(1, opened / captured);
  }

  #judge(origin: Origin, churn: Churn | undefined, nowMs: number): void {
    const told = this.#told.get(origin);
    if (churn === undefined || !isChurn(origin, churn, told === undefined ? 1 : easeWhileTold))
      this.#told.delete(origin);
    else if (told === undefined) this.#told.set(origin, { churn, sinceMs: nowMs - churn.spanMs, outcome: 'resolved' });
    else told.churn = churn;
  }

  #charge(origin: Origin, nowMs: number): Charge | undefined {
    const told = this.#told.get(origin);
    if (told === undefined) return undefined;
    const { type, site, trace } = origin;
    const { made, spanMs } = told.churn;
    return {
      key: `churn ${type.name} ${site?.id ?? ''}`,
      whenGone: () => told.outcome,
      suspicion: {
        type: 'client_churn',
        detector: 'threshold',
        certainty: 'likely',
        severity: 'info',
        kind: 'client',
        resourceType: type.name,
        site,
        scopeName: this.#records.get(origin)?.scopeName,
        count: Math.round(made),
        opened: 0,
        bytes: 0,
        sockets: Math.round(made * type.connected.socketsEach),
        oldestAgeMs: nowMs - told.sinceMs,
        rate: poissonRate(made, spanMs),
        pattern: undefined,
        trace,
        advice: `make one ${type.name} for the process, or a pool, and share it: each of these connects anew`,
        retainedBy: undefined,
      },
    };
  }
}

const isOfRepeatedWork = ({ openedIn }: Origin): boolean => openedIn !== undefined && repeatedWork.has(openedIn.sort);

const isChurn = (origin: Origin, churn: Churn, ease: number): boolean =>
  isOfRepeatedWork(origin) &&
  churn.made >= ease * minMade &&
  churn.windowsWithSome >= ease * minWindowsWithSome &&
  churn.closedShare >= ease * minClosedShare &&
  origin.type.connected.share >= ease * minConnectedShare;
