import type { MemoryLimit } from '../detect/memory-outlook.ts';
import { MemoryPressure, type PressureLevel } from '../detect/memory-pressure.ts';
import { type MemoryFacts, usedShareOf } from '../detect/memory-thresholds.ts';
import type { Observer } from '../observe/observer.ts';
import type { MemoryReading } from '../runtime/memory-readings.ts';
import type { Pressure, PressureListener } from './on-pressure.ts';

export interface PressureWatchOptions {
  readonly observer: Pick<Observer, 'guard'>;
  readonly listeners: () => Iterable<PressureListener>;
  readonly failed: (where: string, error: unknown) => void;
}

const what = 'onPressure callback';
/** V8 gives up from four fifths of its heap on, when collections take most of the time: so it is full before it is full. */
const fullAt = ({ source }: MemoryLimit): number => (source === 'v8' ? 0.9 : 1);

/** Tells the app when the level of memory pressure changes. */
export class PressureWatch {
  readonly #o: PressureWatchOptions;
  readonly #pressure = new MemoryPressure();

  constructor(options: PressureWatchOptions) {
    this.#o = options;
  }

  get level(): PressureLevel {
    return this.#pressure.level;
  }

  look(reading: Pick<MemoryReading, 'pressureRatio' | 'groupEvents' | 'rssBytes'>, facts: MemoryFacts): void {
    const { pressureRatio, groupEvents, rssBytes } = reading;
    const before = this.#pressure.level;
    const usedRatio = Math.max(0, ...facts.limits.map((limit) => usedShareOf(limit, facts) / fullAt(limit)));
    const changed = this.#pressure.look({ stalledRatio: pressureRatio, events: groupEvents, usedRatio });
    if (changed) this.#tell({ level: this.#pressure.level, before, stalledRatio: pressureRatio, usedRatio, rssBytes });
  }

  #tell(pressure: Pressure): void {
    const { observer, listeners, failed } = this.#o;
    for (const listener of listeners()) {
      observer.guard(what, () => {
        const result = listener(pressure);
        // an async callback that rejects must not end the process
        if (result instanceof Promise) result.catch((error: unknown) => failed(what, error));
      });
    }
  }
}
