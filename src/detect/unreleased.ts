import type { Ledger } from '../lifetime/ledger.ts';
import type { Finding } from './finding.ts';

/** Notes in each kind's tally how many of its open ones the standing findings speak of: `outlive.resource.unreleased`. */
export function bookUnreleased(ledger: Ledger, standing: Iterable<Finding>): void {
  for (const tally of ledger.tallies.values()) {
    tally.unreleasedLikely = 0;
    tally.unreleasedCertain = 0;
  }
  for (const { kind, certainty, count } of standing) {
    const tally = ledger.tallyOf(kind);
    if (certainty === 'certain') tally.unreleasedCertain += count;
    else tally.unreleasedLikely += count;
  }
}
