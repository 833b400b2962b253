import type { TrackedType } from '../../lifetime/tracked-type.ts';
import { events, http } from '../../runtime/builtins.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import type { Observer } from '../observer.ts';
import { type Detach, patchMethod } from '../patch.ts';

/**
 * Says what sort of thing the instances of a prototype are: a type, a function that books each birth itself, `null` for
 * "not mine". Asked once a prototype; `thing` is still under construction, so only its prototype chain may be looked at.
 */
export type Classify = (prototype: object, thing: object) => TrackedType | BookBirth | null;
export type BookBirth = (thing: object) => void;

interface Births {
  readonly classifiers: Set<Classify>;
  /** By prototype; 0 is nobody's. */
  types: Stamp<TrackedType | BookBirth | 0>;
  detach: Detach;
}

const birthsOf = new WeakMap<Observer, Births>();

/**
 * Sees every EventEmitter at its birth: all Node streams, sockets, child processes, workers, agents and most SDK
 * clients. `EventEmitter.init` is what each emitter's constructor calls; a pass-through costs 0-22 ns.
 */
export function onEmitterBirth(observer: Observer, classify: Classify): Detach {
  let births = birthsOf.get(observer);
  if (births === undefined) birthsOf.set(observer, (births = attach(observer)));
  const { classifiers } = births;
  classifiers.add(classify);
  births.types = stamp();
  return () => {
    classifiers.delete(classify);
    const current = birthsOf.get(observer);
    if (current === undefined) return;
    current.types = stamp();
    if (classifiers.size > 0) return;
    current.detach();
    birthsOf.delete(observer);
  };
}

function attach(observer: Observer): Births {
  const births: Births = { classifiers: new Set(), types: stamp(), detach: () => {} };
  const book = observer.safely(
    'emitter birth',
    (thing: object, prototype: object, known: TrackedType | BookBirth | undefined) => {
      const type = known ?? typeFor(births, prototype, thing);
      if (typeof type === 'function') type(thing);
      else if (type !== 0) open(observer, thing, type);
    },
  );
  // constants of this function, which V8 knows as such: those of a module are variables once it is bundled
  const { isPrototypeOf } = Object.prototype;
  const incoming: object = http.IncomingMessage.prototype;
  const outgoing: object = http.OutgoingMessage.prototype;
  /**
   * HTTP messages are nobody's here: the hook of requests has them. Two of each request are born; to ask for their prototype
   * would leave compiled code (400 instructions each), this does not.
   */
  const isMessage = (thing: object): boolean =>
    isPrototypeOf.call(incoming, thing) || isPrototypeOf.call(outgoing, thing);
  births.detach = patchMethod(
    events.EventEmitter,
    'init',
    (original, state) =>
      function init(this: object, options: unknown) {
        original.call(this, options);
        if (!state.active || isMessage(this)) return;
        const prototype: object | null = Object.getPrototypeOf(this);
        if (prototype === null) return;
        const known = births.types.get(prototype);
        if (known === 0) return;
        book(this, prototype, known);
      },
  );
  return births;
}

/** Once: streams of readable-stream pass here for each of their halves. */
function open(observer: Observer, thing: object, type: TrackedType): void {
  if (observer.nursery()?.isNewest(thing) !== true) observer.open(thing, type);
}

function typeFor(births: Births, prototype: object, thing: object): TrackedType | BookBirth | 0 {
  let type: TrackedType | BookBirth | 0 = 0;
  for (const classify of births.classifiers) {
    type = classify(prototype, thing) ?? 0;
    if (type !== 0) break;
  }
  births.types.set(prototype, type);
  return type;
}
