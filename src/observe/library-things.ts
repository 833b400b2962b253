import type { Kind } from '../lifetime/kind.ts';
import type { End, Probe, Remains } from '../lifetime/probe.ts';
import type { TrackedType } from '../lifetime/tracked-type.ts';
import { type Stamp, stamp } from '../runtime/stamp.ts';
import { BehindProxies } from './behind-proxies.ts';
import type { Observer } from './observer.ts';

export interface ThingsOptions {
  /** Decides which finding is told of one that is not ended: `client`, `lease`, `stream`. */
  readonly kind: Kind;
  /** The class, as the library calls it: `Channel` is told as `amqplib.Channel`. */
  readonly name: string;
  /** The missing call, in words: "call `channel.close()` when its work is done". */
  readonly advice: string;
}

/** Things of a library that are opened once and ended once. They are held weakly. */
export interface LibraryThings<T extends object> {
  /** It was opened by the line and in the scope that runs now. A second time it says nothing. */
  opened(thing: T): void;
  /** It was ended as it should. */
  ended(thing: T): void;
}

class Note implements Remains {
  ended = false;
  readonly leftUndone = false;

  get end(): End {
    return this.ended ? 'released' : 'abandoned';
  }
}

export class FollowedThings<T extends object> implements LibraryThings<T> {
  readonly #observer: Observer;
  readonly #notes: Stamp<Note> = stamp();
  readonly #type: TrackedType;
  readonly #behind: BehindProxies;
  #isOver = false;

  constructor(library: string, { kind, name, advice }: ThingsOptions, observer: Observer) {
    const probe: Probe = {
      endOf: (thing) => (this.#isOver || this.#notes.get(thing)?.ended === true ? 'released' : undefined),
      remainsOf: (thing) => this.#notes.get(thing),
    };
    this.#observer = observer;
    this.#behind = new BehindProxies(observer, (thing) => this.ended(thing as T));
    this.#type = observer.defineType({ kind, name: `${library}.${name}`, probe, judgement: 'scope', advice });
  }

  opened(thing: T): void {
    if (this.#isOver || this.#notes.get(thing) !== undefined) return;
    this.#notes.set(thing, new Note());
    this.#observer.open(thing, this.#type);
  }

  ended(thing: T): void {
    const note = this.#notes.get(thing);
    if (note === undefined) this.#behind.lookUp(thing);
    else note.ended = true;
  }

  /** Nobody tells of their ends from now on: none of them is held against anybody. */
  end(): void {
    this.#isOver = true;
  }
}
