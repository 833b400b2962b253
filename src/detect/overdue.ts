import type { Ledger } from '../lifetime/ledger.ts';
import type { Origin } from '../lifetime/origin.ts';
import { type Charge, type Detector, looksBetweenPauses } from './detector.ts';
import { oldestAgeMs, suspicionOf } from './origin-suspicion.ts';

/** Overdue: open past the limit that the app gave it, and neither bytes nor touches for as long. One is enough to be told. */
export class Overdue implements Detector {
  readonly name = 'overdue';
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  *check(_sweep: number, nowMs: number): Iterable<Charge | undefined> {
    let looks = 0;
    for (const type of this.#ledger.types) {
      if (type.limitMs === Infinity) continue;
      for (const origin of type.origins) {
        if (origin.overdue > 0) yield this.#charge(origin, nowMs);
        else if (++looks % looksBetweenPauses === 0) yield;
      }
    }
  }

  #charge(origin: Origin, nowMs: number): Charge {
    const { type, site } = origin;
    const ageMs = oldestAgeMs(origin, nowMs);
    return {
      key: `overdue ${type.kind} ${type.name} ${site?.id ?? ''}`,
      whenGone: () => 'resolved',
      suspicion: suspicionOf(origin, {
        detector: 'overdue',
        certainty: 'likely',
        count: origin.overdue,
        oldestAgeMs: ageMs,
        elapsedMs: ageMs,
        pattern: undefined,
      }),
    };
  }
}
