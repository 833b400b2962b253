import type { Ledger } from '../../lifetime/ledger.ts';
import { generatorSource, generatorStates } from '../../runtime/generator-state.ts';
import { stamp } from '../../runtime/stamp.ts';
import { ownTimers } from '../../runtime/timers.ts';
import type { GeneratorRecord } from './generator-record.ts';

/** At 25 µs each, 3 ms a sweep. */
const looksPerSweep = 128;
/** 0.5 ms of the event loop at a time. */
const looksAtOnce = 16;
/** At 150 µs each. */
const sourcesPerSweep = 16;

/** What a generator does after the `yield` at which it was left, and never did. */
const cleanUp = /\bfinally\b|\busing\b|\bfor\s+await\b|\byield\s*\*/;

interface Waiting {
  readonly generator: object;
  readonly record: GeneratorRecord;
}

/**
 * Looks at generators of which it is not known whether they ran to their end: between sweeps, a few at a time, each at most once
 * while it stands still.
 */
export class GeneratorLooks {
  readonly #ledger: Ledger;
  readonly #guard: (where: string, fn: () => void) => void;
  readonly #waiting: Waiting[] = [];
  /** By the prototype that all generators of one function share. */
  readonly #cleansUp = stamp<boolean>();
  #sweep = -1;
  #looksLeft = 0;
  #sourcesLeft = 0;

  constructor(ledger: Ledger, guard: (where: string, fn: () => void) => void) {
    this.#guard = guard;
    this.#ledger = ledger;
  }

  want(generator: object, record: GeneratorRecord): void {
    const { sweepCount } = this.#ledger;
    if (this.#sweep !== sweepCount) {
      this.#sweep = sweepCount;
      this.#looksLeft = looksPerSweep;
      this.#sourcesLeft = sourcesPerSweep;
    }
    if (this.#looksLeft === 0 || record.lookDueSweep > sweepCount) return;
    this.#looksLeft--;
    if (this.#waiting.push({ generator, record }) === 1) this.#soon();
  }

  #soon(): void {
    ownTimers.setImmediate(() => {
      const batch = this.#waiting.splice(0, looksAtOnce);
      this.#guard('generator state', () => this.#look(batch));
      if (this.#waiting.length > 0) this.#soon();
    });
  }

  #look(batch: readonly Waiting[]): void {
    const states = generatorStates(batch.map(({ generator, record }) => ({ generator, lastStep: record.lastStep })));
    for (const [i, { generator, record }] of batch.entries()) {
      const state = states[i];
      record.saw(state, state === 'yielded' && this.#hasCleanUp(generator), this.#sweep);
    }
  }

  #hasCleanUp(generator: object): boolean {
    const prototype: object | null = Object.getPrototypeOf(generator);
    if (prototype === null) return false;
    const known = this.#cleansUp.get(prototype);
    if (known !== undefined || this.#sourcesLeft === 0) return known ?? false;
    this.#sourcesLeft--;
    const cleansUp = cleanUp.test(generatorSource(generator) ?? '');
    this.#cleansUp.set(prototype, cleansUp);
    return cleansUp;
  }
}
