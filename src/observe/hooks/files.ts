import type { End, Probe, Remains } from '../../lifetime/probe.ts';
import { events, fs } from '../../runtime/builtins.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { oncePerObserver } from '../once-per-observer.ts';
import { type AnyFunction, type Detach, detachAll, patchMethod, type PatchState } from '../patch.ts';
import { onEmitterBirth } from './emitter-births.ts';
import { constructorNameOf } from './node-classes.ts';

/** How often a file or directory was used and whether it was closed; it may be closed and collected between two looks. */
class FileUse implements Remains {
  calls = 0;
  closed = false;
  readonly leftUndone = false;

  get end(): End {
    return this.closed ? 'released' : 'abandoned';
  }
}

const advice =
  'call `close()` in a `finally`, or declare it by `await using`; Node closes what was collected with a warning, from 26 on with an error';

/** Open files of `fs/promises` and open directories. File streams are streams, and seen there. */
export const files: Hook = {
  group: 'files',
  attach: (observer) => detachAll([fileHandles(observer), directories(observer)]),
};

/** A `FileHandle` is an emitter, so it is seen at its birth; its descriptor turns negative when it is closed. */
const handlesOf = oncePerObserver((observer) => {
  const uses = stamp<FileUse>();
  const useOf = (thing: object): FileUse => {
    let use = uses.get(thing);
    if (use === undefined) uses.set(thing, (use = new FileUse()));
    return use;
  };
  const type = observer.defineType({
    kind: 'file',
    name: 'fs.FileHandle',
    probe: {
      endOf: (thing) => (isOpen(thing) ? undefined : 'released'),
      progressOf: (thing) => uses.get(thing)?.calls ?? 0,
      holdsNative: isOpen,
      remainsOf: useOf,
    },
    judgement: 'scope',
    advice,
  });
  return { uses, type };
});

function fileHandles(observer: Observer): Detach {
  const { uses, type } = handlesOf(observer);
  const detaches: Detach[] = [];
  // at once in a row, held by nobody: Node tells of handles that it finds collected, and tells it as soon as without us
  const book = (handle: object): void => {
    const nursery = observer.nursery();
    if (nursery === undefined) return;
    observer.ledger.openSurvivor(nursery, handle, type, observer.originHere(type, nursery.scope));
  };
  detaches.push(
    onEmitterBirth(observer, (prototype) => {
      if (!isFileHandle(prototype)) return null;
      for (const name of [
        'read',
        'readv',
        'readFile',
        'write',
        'writev',
        'writeFile',
        'appendFile',
        'sync',
        'datasync',
      ])
        detaches.push(patchMethod(prototype, name, countedBy(uses)));
      detaches.push(patchMethod(prototype, 'emit', notesClose(uses)));
      return book;
    }),
  );
  return () => detachAll(detaches)();
}

const isOpen = (thing: object): boolean => ((thing as { readonly fd?: number }).fd ?? -1) >= 0;

/** Node does not export the class; it is told by its shape. */
const isFileHandle = (prototype: object): boolean =>
  constructorNameOf(prototype) === 'FileHandle' &&
  Object.getPrototypeOf(prototype) === events.EventEmitter.prototype &&
  Object.hasOwn(prototype, 'getAsyncId') &&
  Object.hasOwn(prototype, 'fd');

/** A `fs.Dir` is no emitter and does not show whether it is closed: it is opened by its first read, and its `close` is noted. */
const directoriesOf = oncePerObserver((observer) => {
  const uses = stamp<FileUse>();
  const probe: Probe = {
    endOf: (thing) => (uses.get(thing)?.closed === true ? 'released' : undefined),
    progressOf: (thing) => uses.get(thing)?.calls ?? 0,
    holdsNative: () => true,
    remainsOf: (thing) => uses.get(thing),
  };
  return { uses, type: observer.defineType({ kind: 'file', name: 'fs.Dir', probe, judgement: 'scope', advice }) };
});

function directories(observer: Observer): Detach {
  const { uses, type } = directoriesOf(observer);
  const reads = countedBy(uses, (thing) => observer.guard('directory', () => observer.open(thing, type)));
  const { prototype } = fs.Dir;
  return detachAll([
    patchMethod(prototype, 'read', reads),
    patchMethod(prototype, 'readSync', reads),
    patchMethod(prototype, 'close', closing(uses)),
    patchMethod(prototype, 'closeSync', closing(uses)),
  ]);
}

/** Passes a call through and counts it as use. */
function countedBy(uses: Stamp<FileUse>, first: (thing: object) => void = () => {}) {
  return (original: AnyFunction, state: PatchState): AnyFunction =>
    function call(this: unknown, ...args: unknown[]): unknown {
      if (state.active && isObject(this)) {
        const known = uses.get(this);
        const use = known ?? new FileUse();
        use.calls++;
        if (known === undefined) {
          uses.set(this, use);
          first(this);
        }
      }
      return Reflect.apply(original, this, args) as unknown;
    };
}

/** Its `close` is a field of its own, made in its constructor; what every way of closing does is to emit. */
function notesClose(uses: Stamp<FileUse>) {
  return (original: AnyFunction, state: PatchState): AnyFunction =>
    function emit(this: object, ...args: unknown[]): unknown {
      const use = state.active && args[0] === 'close' ? uses.get(this) : undefined;
      if (use !== undefined) use.closed = true;
      return Reflect.apply(original, this, args) as unknown;
    };
}

function closing(uses: Stamp<FileUse>) {
  return (original: AnyFunction, state: PatchState): AnyFunction =>
    function close(this: unknown, ...args: unknown[]): unknown {
      const use = state.active && isObject(this) ? uses.get(this) : undefined;
      if (use !== undefined) use.closed = true;
      return Reflect.apply(original, this, args) as unknown;
    };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
