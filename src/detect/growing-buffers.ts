import type { Ledger } from '../lifetime/ledger.ts';
import { type SwollenBuffer, type SwollenBuffers, type WritePlace } from '../lifetime/swollen-buffers.ts';
import type { Charge, Detector } from './detector.ts';
import { risesIn } from './statistics/growth.ts';

/** Windows of 8 sweeps in each of which its floor must be higher than before. */
const growingWindows = 3;

interface Accused {
  readonly place: WritePlace | undefined;
  highBytes: number;
}

/**
 * A socket or stream that is written to faster than it drains: more than 1 MiB has waited in it for 24 sweeps, and it
 * becomes more. A large answer that drains, however slowly, is none.
 */
export class GrowingBuffers implements Detector {
  readonly name = 'growing-buffers';
  readonly #ledger: Ledger;
  readonly #buffers: SwollenBuffers;
  readonly #accused = new Map<SwollenBuffer, Accused>();

  constructor(ledger: Ledger, buffers: SwollenBuffers) {
    this.#ledger = ledger;
    this.#buffers = buffers;
  }

  *check(_sweep: number, nowMs: number): Iterable<Charge | undefined> {
    yield* this.#buffers.look(this.#ledger, nowMs);
    for (const buffer of this.#buffers) {
      const { place, levels } = buffer;
      if (!this.#accused.has(buffer) && grows(buffer)) this.#accused.set(buffer, { place, highBytes: levels.level });
    }
    for (const [buffer, accused] of this.#accused) {
      const { level } = buffer.levels;
      accused.highBytes = Math.max(accused.highBytes, level);
      if (buffer.gone || level < accused.highBytes / 2) this.#accused.delete(buffer);
    }
    const causes = Map.groupBy(this.#accused, ([{ type }, { place }]) => `${type.name} ${place?.site.id ?? ''}`);
    for (const [key, buffers] of causes) yield chargeOf(`growth buffer ${key}`, buffers, nowMs);
  }
}

function grows({ levels }: SwollenBuffer): boolean {
  const windows = levels.windows.slice(-growingWindows);
  const [first, last] = [windows.at(0), windows.at(-1)];
  if (windows.length < growingWindows || first === undefined || last === undefined) return false;
  return levels.beyondPast && risesIn(windows) === growingWindows - 1 && last.min > first.max;
}

function chargeOf(key: string, buffers: readonly (readonly [SwollenBuffer, Accused])[], nowMs: number): Charge {
  const [[{ type }, { place }]] = buffers as [readonly [SwollenBuffer, Accused]];
  return {
    key,
    whenGone: () => 'resolved',
    suspicion: {
      type: 'growing_queue',
      detector: 'growth',
      certainty: 'likely',
      severity: 'warning',
      kind: 'queue',
      resourceType: `${type.name} write buffer`,
      site: place?.site ?? null,
      scopeName: place === undefined || place.scope.isEndless ? undefined : place.scope.name,
      count: buffers.length,
      opened: 0,
      bytes: buffers.reduce((sum, [buffer]) => sum + buffer.levels.level, 0),
      oldestAgeMs: Math.max(...buffers.map(([{ sinceMs }]) => nowMs - sinceMs), 0),
      // its figure would be bytes, the count is of buffers
      rate: undefined,
      pattern: 'linear',
      trace: place?.scope.trace,
      advice:
        'when `write()` returns false, wait for `drain`; drop or close a peer that does not read (`writableLength`, `bufferedAmount`)',
      retainedBy: undefined,
    },
  };
}
