import type { Probe } from '../lifetime/probe.ts';
import type { TrackedType } from '../lifetime/tracked-type.ts';
import { stamp } from '../runtime/stamp.ts';
import type { Engine } from './engine.ts';
import { brokenRule } from './outlive-error.ts';
import { runningEngine } from './running.ts';

interface IterationNote {
  ended: boolean;
  steps: number;
}

const notes = stamp<IterationNote>();

const iterationProbe: Probe = {
  endOf: (thing) => (notes.get(thing)?.ended === true ? 'released' : undefined),
  progressOf: (thing) => notes.get(thing)?.steps ?? 0,
};

/**
 * Gives a lifetime to an iterator of a library's own making. Async generators are seen without this; iterators that are
 * plain objects with a `next()` are not. Returns a stand-in to be used in place of the iterator: it passes every call on and
 * notes the end (`done`, `return()`, `throw()`).
 *
 * @throws OutliveError `OUTLIVE_BAD_ARGUMENT` where `generator` has no `next()`
 * @example
 * ```ts
 * for await (const event of trackGenerator(bus.events('order'))) await handle(event);
 * ```
 */
export function trackGenerator<T, R, N>(generator: AsyncIterator<T, R, N>): AsyncIterableIterator<T, R, N> {
  if (typeof (generator as Partial<typeof generator> | undefined)?.next !== 'function') {
    throw brokenRule(
      'OUTLIVE_BAD_ARGUMENT',
      { path: 'generator', rule: 'an iterator', value: generator },
      'Pass what `next()` is called on.',
    );
  }
  const note: IterationNote = { ended: false, steps: 0 };
  const standIn = new Iteration(generator, note);
  const engine = runningEngine();
  if (engine !== undefined) {
    notes.set(standIn, note);
    engine.observer.guard('trackGenerator', () => engine.observer.openHeld(standIn, typeOf(engine)));
  }
  return standIn;
}

class Iteration<T, R, N> implements AsyncIterableIterator<T, R, N> {
  readonly #inner: AsyncIterator<T, R, N>;
  readonly #note: IterationNote;

  constructor(inner: AsyncIterator<T, R, N>, note: IterationNote) {
    this.#inner = inner;
    this.#note = note;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(...args: [] | [N]): Promise<IteratorResult<T, R>> {
    this.#note.steps++;
    try {
      const step = await this.#inner.next(...args);
      if (step.done === true) this.#note.ended = true;
      return step;
    } catch (error) {
      this.#note.ended = true;
      throw error;
    }
  }

  async return(value?: R | PromiseLike<R>): Promise<IteratorResult<T, R>> {
    this.#note.ended = true;
    if (this.#inner.return !== undefined) return this.#inner.return(value);
    return { done: true, value: (await value) as R };
  }

  async throw(error?: unknown): Promise<IteratorResult<T, R>> {
    this.#note.ended = true;
    if (this.#inner.throw !== undefined) return this.#inner.throw(error);
    throw error;
  }
}

const typesOf = new WeakMap<Engine, TrackedType>();

function typeOf(engine: Engine): TrackedType {
  let type = typesOf.get(engine);
  if (type === undefined) {
    const advice = 'leave it by `break` or `return()`, or read it to its end';
    type = engine.ledger.defineType({
      kind: 'generator',
      name: 'AsyncIterator',
      probe: iterationProbe,
      judgement: 'scope',
      advice,
    });
    typesOf.set(engine, type);
  }
  return type;
}
