import type { Probe } from '../../lifetime/probe.ts';
import type { TrackedType } from '../../lifetime/tracked-type.ts';
import { stream } from '../../runtime/builtins.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { oncePerObserver } from '../once-per-observer.ts';
import { type AnyFunction, type Detach, detachAll, patchMethod, type PatchState } from '../patch.ts';
import { CallCounts, CallerSample } from './caller-sample.ts';

/** What is noted of a web stream, and of the readers of it. */
interface Use {
  /** Chunks asked for through a reader or an iterator; what a pipe takes is not seen. */
  reads: number;
}

/** Node's own look into a web stream: no getter of the app, nothing locked or disturbed by it. */
const look = stream as unknown as {
  isReadable(thing: object): boolean | null;
  isWritable(thing: object): boolean | null;
  isErrored(thing: object): boolean;
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * WHATWG streams, from the call on by which somebody takes hold of them: `getReader`, a loop, a pipe, `tee`, `getWriter`.
 * Their constructors stay untouched, for `stream.constructor === ReadableStream` must hold.
 */
export const webStreams: Hook = {
  group: 'webStreams',
  attach(observer) {
    const { uses, readable, writable } = usesOf(observer);
    const counts = new CallCounts();
    observer.followedShares.set('webStreams', () => counts.takeShare());
    const open = (thing: object, type: TrackedType): Use => {
      let use = uses.get(thing);
      if (use === undefined) {
        uses.set(thing, (use = { reads: 0 }));
        observer.open(thing, type);
      }
      return use;
    };
    type Told = (thing: object, result: unknown) => void;
    const whenCalled = (told: Told) => {
      const safelyTold = observer.safely('web stream', told);
      return (original: AnyFunction, state: PatchState): AnyFunction => {
        const callers = new CallerSample(observer.ledger, counts);
        return function call(this: unknown) {
          const result: unknown = Reflect.apply(original, this, arguments);
          if (state.active && isObject(this) && (uses.get(this) !== undefined || callers.isOutsideNode(call)))
            safelyTold(this, result);
          return result;
        };
      };
    };
    const opens = whenCalled((thing) => open(thing, readable));
    return detachAll([
      patchMethod(
        ReadableStream.prototype,
        'getReader',
        whenCalled((thing, reader) => uses.set(reader as object, open(thing, readable))),
      ),
      patchMethod(ReadableStream.prototype, 'pipeTo', opens),
      patchMethod(ReadableStream.prototype, 'pipeThrough', opens),
      patchMethod(
        ReadableStream.prototype,
        'tee',
        whenCalled((_, branches) => {
          for (const branch of branches as readonly object[]) open(branch, readable);
        }),
      ),
      patchIterators(whenCalled((thing, iterator) => countSteps(iterator as Iteration, open(thing, readable)))),
      countReads(ReadableStreamDefaultReader.prototype, uses),
      countReads(ReadableStreamBYOBReader.prototype, uses),
      patchMethod(
        WritableStream.prototype,
        'getWriter',
        whenCalled((thing) => open(thing, writable)),
      ),
    ]);
  },
};

const usesOf = oncePerObserver((observer) => {
  const uses = stamp<Use>();
  return { uses, readable: readableType(observer, uses), writable: writableType(observer) };
});

/** `values` and `[Symbol.asyncIterator]` are one function, and stay one. */
function patchIterators(wrap: Parameters<typeof patchMethod>[2]): Detach {
  const values = patchMethod(ReadableStream.prototype, 'values', wrap);
  const replacement: unknown = Object.getOwnPropertyDescriptor(ReadableStream.prototype, 'values')?.value;
  return detachAll([
    values,
    patchMethod(ReadableStream.prototype, Symbol.asyncIterator, () => replacement as AnyFunction),
  ]);
}

interface Iteration {
  next: AnyFunction;
}

/** The iterator is an object of its own with `next` as its own field: the field is wrapped, its promises pass through. */
function countSteps(iterator: Iteration, use: Use): void {
  patchMethod(
    iterator,
    'next',
    (original) =>
      function next(this: unknown) {
        use.reads++;
        return Reflect.apply(original, this, arguments) as unknown;
      },
  );
}

function countReads(readerPrototype: object, uses: Stamp<Use>): Detach {
  return patchMethod(
    readerPrototype,
    'read',
    (original, state) =>
      function read(this: unknown): unknown {
        const use = state.active && isObject(this) ? uses.get(this) : undefined;
        if (use !== undefined) use.reads++;
        // oxlint-disable-next-line prefer-rest-params -- passes the arguments on as they came, without a copy
        return original.apply(this, arguments as unknown as unknown[]) as unknown;
      },
  );
}

function readableType(observer: Observer, uses: Stamp<Use>): TrackedType {
  const probe: Probe = {
    endOf: (thing) => endOf(thing, look.isReadable(thing)),
    progressOf: (thing) => uses.get(thing)?.reads ?? 0,
  };
  return observer.defineType({
    kind: 'web_stream',
    name: 'ReadableStream',
    probe,
    judgement: 'scope',
    advice: 'read it to its end, or call `cancel()` on its reader (or on the stream) when you are done with it',
  });
}

function writableType(observer: Observer): TrackedType {
  return observer.defineType({
    kind: 'web_stream',
    name: 'WritableStream',
    probe: { endOf: (thing) => endOf(thing, look.isWritable(thing)) },
    judgement: 'scope',
    advice: 'call `close()` or `abort()` on its writer',
  });
}

function endOf(thing: object, isOpen: boolean | null): 'released' | 'errored' | undefined {
  if (isOpen === true) return undefined;
  return look.isErrored(thing) ? 'errored' : 'released';
}
