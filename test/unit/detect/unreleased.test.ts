import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/detect/finding.ts';
import { bookUnreleased } from '../../../src/detect/unreleased.ts';
import { Ledger } from '../../../src/lifetime/ledger.ts';
import { stamp } from '../../../src/runtime/stamp.ts';

const finding = (kind: string, certainty: string, count: number, severity = 'warning') =>
  ({ kind, certainty, count, severity }) as unknown as Finding;

test('unreleased: the tally of a kind counts what its standing findings speak of, until they are over', () => {
  const ledger = new Ledger({ maxOpen: 1000, nowMs: () => 1, adopted: stamp() });
  bookUnreleased(ledger, [
    finding('stream', 'certain', 3),
    finding('stream', 'likely', 4),
    finding('stream', 'likely', 1),
  ]);
  const { unreleasedCertain, unreleasedLikely } = ledger.tallyOf('stream');
  assert.deepEqual({ unreleasedCertain, unreleasedLikely }, { unreleasedCertain: 3, unreleasedLikely: 5 });
  bookUnreleased(ledger, []);
  assert.equal(ledger.tallyOf('stream').unreleasedLikely, 0);
});

test('unreleased: listeners and work that does not settle count, items and bytes and what is no leak do not', () => {
  const ledger = new Ledger({ maxOpen: 1000, nowMs: () => 1, adopted: stamp() });
  bookUnreleased(ledger, [
    finding('listener', 'likely', 30),
    finding('context', 'likely', 20),
    finding('queue', 'likely', 500),
    finding('heap', 'likely', 1),
    finding('client', 'likely', 64, 'info'),
  ]);
  const counted = [...ledger.tallies.values()].filter(({ unreleasedLikely }) => unreleasedLikely > 0);
  assert.deepEqual(
    counted.map(({ kind, unreleasedLikely }) => [kind, unreleasedLikely]),
    [
      ['listener', 30],
      ['context', 20],
    ],
  );
});
