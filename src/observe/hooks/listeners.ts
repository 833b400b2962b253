import { type ListenerPiles, type Pile, type PileReader, pileAt } from '../../lifetime/listener-piles.ts';
import { events } from '../../runtime/builtins.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { type AnyFunction, type Detach, detachAll, type PatchState, patchMethod } from '../patch.ts';
import { eventNameOf } from './event-name.ts';
import { constructorNameOf } from './node-classes.ts';

/**
 * Listeners that pile up on one emitter or EventTarget. The add passes through; then the length of the list it went to is
 * read, which Node keeps as plain data. 5-9 ns an add, nothing kept below 32 listeners of one event.
 */
export const listeners = (piles: ListenerPiles): Hook => ({
  group: 'listeners',
  attach(observer) {
    const onThing = stamp<Pile>();
    const context = { observer, piles, onThing };
    const onAdd = emitterAdds(context);
    const { prototype } = events.EventEmitter;
    return detachAll([
      () => piles.clear(),
      patchMethod(prototype, 'addListener', onAdd),
      patchMethod(prototype, 'on', onAdd),
      patchMethod(prototype, 'prependListener', onAdd),
      targetAdds(context),
    ]);
  },
});

interface Context {
  readonly observer: Observer;
  readonly piles: ListenerPiles;
  readonly onThing: Stamp<Pile>;
}
interface Emitter {
  readonly _events?: Readonly<Record<PropertyKey, unknown>>;
}

/** `once` and `prependOnceListener` call these methods on the emitter, streams call them for theirs. */
function emitterAdds(context: Context) {
  const patched = new Map<AnyFunction, AnyFunction>();
  return (original: AnyFunction, state: PatchState): AnyFunction => {
    // `on` and `addListener` are one function and stay so
    const known = patched.get(original);
    if (known !== undefined) return known;
    const add = function addListener(this: object, event: PropertyKey, listener: unknown): unknown {
      // Node adds several for each request: a plain call is half of what `apply` costs
      const result: unknown =
        arguments.length === 2 ? original.call(this, event, listener) : Reflect.apply(original, this, arguments);
      if (!state.active || typeof event === 'object') return result;
      const list = (this as Emitter)._events?.[event];
      if (Array.isArray(list) && list.length >= pileAt) note(context, this, event, listener, emitterReader);
      return result;
    };
    patched.set(original, add);
    return add;
  };
}

const emitterReader: PileReader = {
  countOf(thing, event) {
    const list = (thing as Emitter)._events?.[event];
    return Array.isArray(list) ? list.length : Number(typeof list === 'function');
  },
  stillOn(thing, event, wanted) {
    const list: unknown = (thing as Emitter)._events?.[event];
    return new Set([...wanted].filter((one) => one === list || (Array.isArray(list) && list.includes(one))));
  },
};

/** Nodes of a linked list, at about 20 ns each. */
const maxWalk = 16_384;

/** Node's list of the listeners of one event on an EventTarget. */
interface TargetList {
  readonly size: number;
  readonly next?: TargetListener;
}
interface TargetListener {
  readonly listener?: unknown;
  readonly callback?: unknown;
  readonly next?: TargetListener;
}
type Target = Readonly<Record<symbol, ReadonlyMap<unknown, TargetList> | undefined>>;

function targetAdds(context: Context): Detach {
  const kEvents = Object.getOwnPropertySymbols(new EventTarget()).find(({ description }) => description === 'kEvents');
  if (kEvents === undefined) return () => {};
  const reader = targetReader(kEvents);
  return patchMethod(
    EventTarget.prototype,
    'addEventListener',
    (original, state) =>
      function addEventListener(this: object, event: PropertyKey, listener: unknown) {
        const result: unknown = Reflect.apply(original, this, arguments);
        if (!state.active) return result;
        const list = (this as Target)[kEvents]?.get(event);
        if (list !== undefined && list.size >= pileAt) note(context, this, event, listener, reader);
        return result;
      },
  );
}

const targetReader = (kEvents: symbol): PileReader => {
  const listOf = (thing: object, event: PropertyKey) => (thing as Target)[kEvents]?.get(event);
  return {
    countOf: (thing, event) => listOf(thing, event)?.size ?? 0,
    stillOn(thing, event, wanted) {
      const list = listOf(thing, event);
      if (list !== undefined && list.size > maxWalk) return undefined;
      const still = new Set<object>();
      for (let at = list?.next; at !== undefined; at = at.next) {
        for (const candidate of [at.listener, at.callback]) {
          if (wanted.has(candidate as object)) still.add(candidate as object);
        }
      }
      return still;
    },
  };
};

function note(context: Context, thing: object, event: PropertyKey, listener: unknown, reader: PileReader): void {
  const { observer, onThing } = context;
  observer.guard('listener', () => {
    const pile = pileOn(onThing.get(thing), event) ?? newPile(context, thing, event, reader);
    if (pile?.wantsSample() !== true || (typeof listener !== 'function' && typeof listener !== 'object')) return;
    const nursery = observer.nursery();
    if (nursery === undefined || listener === null) return;
    pile.sample(
      listener,
      observer.siteHere(nursery.scope, { opens: 'listener' }),
      nursery.scope,
      observer.ledger.sweepCount,
    );
  });
}

function firstLive(first: Pile | undefined): Pile | undefined {
  let pile = first;
  while (pile?.gone === true) pile = pile.next;
  return pile;
}

function pileOn(first: Pile | undefined, event: PropertyKey): Pile | undefined {
  let pile = firstLive(first);
  while (pile !== undefined && pile.event !== event) pile = firstLive(pile.next);
  return pile;
}

function newPile(
  { observer, piles, onThing }: Context,
  thing: object,
  event: PropertyKey,
  reader: PileReader,
): Pile | undefined {
  if (observer.nursery() === undefined) return undefined;
  const prototype: object | null = Object.getPrototypeOf(thing);
  const constructorName = prototype === null ? '' : constructorNameOf(prototype);
  const name = `${constructorName || 'EventEmitter'} ${eventNameOf(event)}`;
  const pile = piles.add({ thing, event, name, nowMs: observer.ledger.nowMs, reader });
  if (pile === undefined) return undefined;
  pile.next = firstLive(onThing.get(thing));
  onThing.set(thing, pile);
  return pile;
}
