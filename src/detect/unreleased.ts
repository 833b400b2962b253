import type { Kind } from '../lifetime/kind.ts';
import type { Ledger } from '../lifetime/ledger.ts';
import type { Finding } from './finding.ts';

/** Their findings count items or bytes. */
const isNoResource: ReadonlySet<Kind> = new Set<Kind>(['queue', 'collection', 'heap']);

/** Notes in each kind's tally how many of its open ones the standing findings speak of: `outlive.resource.unreleased`. */
export function bookUnreleased(ledger: Ledger, standing: Iterable<Finding>): void {
  for (const tally of ledger.tallies.values()) {
    tally.unreleasedLikely = 0;
    tally.unreleasedCertain = 0;
  }
  for (const { kind, certainty, count, severity } of standing) {
    if (severity === 'info' || isNoResource.has(kind)) continue;
    const tally = ledger.tallyOf(kind);
    if (certainty === 'certain') tally.unreleasedCertain += count;
    else tally.unreleasedLikely += count;
  }
}
