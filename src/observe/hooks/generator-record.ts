import type { Remains } from '../../lifetime/probe.ts';
import type { GeneratorState } from '../../runtime/generator-state.ts';

/**
 * What is noted of one generator. It never refers to the generator, so it can still be read when that was collected.
 */
export class GeneratorRecord implements Remains {
  /** Calls of `next()`: its progress. */
  calls = 0;
  /** `return()` or `throw()` was called, or it was seen at its end. */
  closed = false;
  /** The sweep from which on it is worth another look. */
  lookDueSweep = 0;
  #looks = 0;
  #lastStep: object | undefined = undefined;
  #lastStepRef: WeakRef<object> | undefined = undefined;
  #seen: GeneratorState | undefined = undefined;
  #seenAtCalls = 0;
  #sweptAtCalls = -1;
  #cleansUp = false;

  /** A step was asked for. Its promise holds the app's value, so it is held until the next look at the latest. */
  step(promise: object): void {
    this.calls++;
    this.#lastStep = promise;
    this.#lastStepRef = undefined;
  }

  close(): void {
    this.closed = true;
    this.#lastStep = this.#lastStepRef = undefined;
  }

  /** From here on the promise of the last step may be collected; a pending one is held by its generator. */
  letGo(): void {
    if (this.#lastStep === undefined) return;
    this.#lastStepRef = new WeakRef(this.#lastStep);
    this.#lastStep = undefined;
  }

  get lastStep(): object | undefined {
    return this.#lastStep ?? this.#lastStepRef?.deref();
  }

  /**
   * Notes a look.
   * @param cleansUp whether anything is left undone when it is dropped at a `yield`
   */
  saw(state: GeneratorState | undefined, cleansUp: boolean, sweep: number): void {
    if (state === 'closed') return this.close();
    this.#seen = state;
    this.#seenAtCalls = this.calls;
    this.#cleansUp = cleansUp;
    if (state === 'yielded') this.#lastStep = this.#lastStepRef = undefined;
    // looks at what waits come after 2, 4, 8 … 64 sweeps: thousands of waiting generators must not use up all looks
    this.lookDueSweep = sweep + Math.min(64, 2 ** ++this.#looks);
  }

  /** Where it stood at the last look, `undefined` when it was called since. */
  get seen(): GeneratorState | undefined {
    return this.#seenAtCalls === this.calls ? this.#seen : undefined;
  }

  /** Whether it was called between the last two sweeps that asked. */
  movedSinceLastSweep(): boolean {
    const moved = this.#sweptAtCalls >= 0 && this.#sweptAtCalls !== this.calls;
    this.#sweptAtCalls = this.calls;
    return moved;
  }

  get #isLeft(): boolean {
    return !this.closed && this.seen === 'yielded';
  }

  get end(): 'released' | 'abandoned' {
    return this.#isLeft ? 'abandoned' : 'released';
  }

  get leftUndone(): boolean {
    return this.#isLeft && this.#cleansUp;
  }
}
