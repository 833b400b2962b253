import type { Origin } from '../lifetime/origin.ts';
import { findingTypeOf } from './finding-type-of.ts';
import type { Rate, Suspicion } from './finding.ts';

type Judged = Pick<Suspicion, 'detector' | 'certainty' | 'count' | 'oldestAgeMs' | 'pattern'> & {
  readonly elapsedMs: number;
};

/** What every rule over an origin says alike; `elapsedMs` is the time in which the `count` came together. */
export function suspicionOf(origin: Origin, { elapsedMs, ...judged }: Judged): Suspicion {
  const { type, site, scope } = origin;
  return {
    ...judged,
    type: findingTypeOf[type.kind],
    severity: 'warning',
    kind: type.kind,
    resourceType: type.name,
    site,
    scopeName: scope?.sort === 'process' ? undefined : scope?.name,
    opened: origin.opened,
    bytes: origin.standingBytes,
    sockets: type.kind === 'client' ? origin.standingSockets : undefined,
    rate: poissonRate(judged.count, elapsedMs),
    trace: origin.trace,
    advice: type.advice,
    retainedBy: undefined,
  };
}

/** The age of the oldest standing one. */
export const oldestAgeMs = (origin: Origin, nowMs: number): number =>
  Math.max(0, nowMs - Math.min(nowMs, origin.oldestOpenedMs));

/** Events an hour with the normal approximation of the Poisson interval (NIST/SEMATECH e-Handbook, 6.3.3.1: count ± z √count). */
export function poissonRate(count: number, elapsedMs: number): Rate | undefined {
  if (count < 2 || elapsedMs <= 0) return undefined;
  const perHour = 3_600_000 / elapsedMs;
  const half = 1.96 * Math.sqrt(count);
  return { value: count * perHour, low: Math.max(0, count - half) * perHour, high: (count + half) * perHour };
}
