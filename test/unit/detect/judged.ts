import type { Charge, Detector } from '../../../src/detect/detector.ts';
import type { Suspicion } from '../../../src/detect/finding.ts';
import type { Ledger } from '../../../src/lifetime/ledger.ts';
import { Thing, ledgered } from '../lifetime/ledgered.ts';
import { chargesOf } from './charges-of.ts';

/** A ledger with one rule over it, which is asked after each sweep. */
export function judged(ruleOver: (ledger: Ledger) => Detector, options: Parameters<typeof ledgered>[0] = {}) {
  const bench = ledgered({ maxOpen: 100_000, ...options });
  const rule = ruleOver(bench.ledger);
  let charges: readonly Charge[] = [];
  const sweep = (sweeps = 1): void => {
    for (let i = 0; i < sweeps; i++) {
      bench.sweep();
      charges = chargesOf(rule, bench.ledger.sweepCount, bench.nowMs);
    }
  };
  return {
    ...bench,
    sweep,
    charges: (): readonly Charge[] => charges,
    suspicions: (): Suspicion[] => charges.map(({ suspicion }) => suspicion),
    /** A request that opens one thing at that line and leaves it to the test whether it ends. */
    requested: (line: number, name = 'GET /orders/:id'): Thing => {
      const nursery = bench.request(name);
      const thing = bench.open(nursery, new Thing(), line);
      bench.ledger.endScope(nursery);
      return thing;
    },
  };
}
