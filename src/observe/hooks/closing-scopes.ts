import type { Nursery } from '../../lifetime/nursery.ts';
import { stamp } from '../../runtime/stamp.ts';
import type { Observer } from '../observer.ts';
import { type Detach, detachAll, patchMethod } from '../patch.ts';

interface Note {
  readonly nursery: Nursery;
  readonly end: () => void;
}

/**
 * Scopes that end with the `close` of an emitter: an upgraded socket, an HTTP/2 stream. No listener is added: the `emit` of
 * its prototype is patched once such an emitter was met.
 */
export class ClosingScopes {
  readonly #observer: Observer;
  readonly #notes = stamp<Note>();
  readonly #patched = new Map<object, Detach>();

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  of(emitter: object): Nursery | undefined {
    return this.#notes.get(emitter)?.nursery;
  }

  /** @param emitter of a class of Node's: its prototype is kept until detach */
  endWith(emitter: object, nursery: Nursery, end: () => void): void {
    this.#notes.set(emitter, { nursery, end });
    const prototype: object | null = Object.getPrototypeOf(emitter);
    if (prototype !== null && !this.#patched.has(prototype)) this.#patched.set(prototype, this.#patch(prototype));
  }

  detach(): void {
    detachAll(this.#patched.values())();
    this.#patched.clear();
  }

  #patch(prototype: object): Detach {
    const observer = this.#observer;
    const notes = this.#notes;
    return patchMethod(
      prototype,
      'emit',
      (original, state) =>
        function emit(this: object, event: unknown) {
          const note = event === 'close' && state.active ? notes.get(this) : undefined;
          if (note === undefined) return Reflect.apply(original, this, arguments) as unknown;
          try {
            return observer.context.run(note.nursery, original, this, arguments) as unknown;
          } finally {
            observer.guard('scope of a connection', note.end);
          }
        },
    );
  }
}
