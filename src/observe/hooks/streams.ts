import type { End, Probe, Remains } from '../../lifetime/probe.ts';
import type { TrackedType } from '../../lifetime/tracked-type.ts';
import type { Hook } from '../hook.ts';
import { http, net, stream } from '../../runtime/builtins.ts';
import { stamp } from '../../runtime/stamp.ts';
import type { Observer } from '../observer.ts';
import { type Detach, detachAll, patchMethod } from '../patch.ts';
import { onEmitterBirth } from './emitter-births.ts';
import { typeNameOf } from './type-name.ts';

/** What Node's streams carry as plain data; read, never called. */
interface StreamFields {
  readonly destroyed?: boolean;
  readonly _isStdio?: boolean;
  readonly fd?: unknown;
  readonly bytesRead?: unknown;
  readonly bytesWritten?: unknown;
  readonly _handle?: unknown;
  readonly _readableState?: StateFields;
  readonly _writableState?: StateFields;
}
interface StateFields {
  readonly destroyed?: boolean;
  readonly closed?: boolean;
  readonly errored?: unknown;
  readonly endEmitted?: boolean;
  readonly finished?: boolean;
  readonly readable?: boolean;
  readonly length?: number;
  readonly autoDestroy?: boolean;
}

/** Notes a stream's `destroy()`, to be read when the stream itself is gone: it may end and be collected between two looks. */
class StreamEnd implements Remains {
  end: End = 'abandoned';
  // on the prototype: each open stream has one of these
  get leftUndone(): false {
    return false;
  }
}
const ends = stamp<StreamEnd>();
/** Whether any stream has lived long enough to have one: to ask each costs as much as its `destroy()`. */
let anyNoted = false;

/** Released without a listener: the flags that Node keeps are right in every case tested, `autoDestroy: false` included. */
export const streamProbe: Probe = {
  endOf(thing) {
    const { _isStdio, _readableState: r, _writableState: w } = thing as StreamFields;
    if (_isStdio === true) return 'released';
    if (r === undefined && w === undefined) return undefined;
    const destroyed = (r ?? w)?.destroyed === true;
    const done = (r === undefined || r.endEmitted === true) && (w === undefined || w.finished === true);
    if (!destroyed && !done) return undefined;
    return (r?.errored ?? w?.errored ?? null) === null ? 'released' : 'errored';
  },
  progressOf(thing) {
    const { bytesRead, bytesWritten } = thing as StreamFields;
    return (typeof bytesRead === 'number' ? bytesRead : 0) + (typeof bytesWritten === 'number' ? bytesWritten : 0);
  },
  bufferedOf(thing) {
    const { _readableState: r, _writableState: w } = thing as StreamFields;
    return bytesIn(r) + bytesIn(w);
  },
  holdsNative(thing) {
    const { fd, _readableState: r, _writableState: w } = thing as StreamFields;
    // without autoDestroy the descriptor is the app's to close
    return typeof fd === 'number' && fd > 2 && (r ?? w)?.autoDestroy === true;
  },
  remainsOf(thing) {
    let end = ends.get(thing);
    if (end === undefined) ends.set(thing, (end = new StreamEnd()));
    anyNoted = true;
    return end;
  },
};

const bytesIn = (state: (StateFields & { readonly objectMode?: boolean }) | undefined): number =>
  state === undefined || state.objectMode === true ? 0 : (state.length ?? 0);

/** Node streams of every sort but sockets and HTTP messages, which have hooks of their own, and stdio. */
export const streams: Hook = {
  group: 'streams',
  attach: (observer) =>
    detachAll([
      notesDestroy(stream.Readable.prototype),
      notesDestroy(stream.Writable.prototype),
      notesDestroy(stream.Duplex.prototype),
      onEmitterBirth(observer, (prototype) => streamTypeOf(observer, prototype)),
    ]),
};

function notesDestroy(prototype: object): Detach {
  return patchMethod(
    prototype,
    'destroy',
    (original) =>
      function destroy(this: object, error: unknown) {
        const end = anyNoted ? ends.get(this) : undefined;
        if (end !== undefined) end.end = error === undefined || error === null ? 'released' : 'errored';
        // oxlint-disable-next-line prefer-rest-params -- passes the arguments on as they came, without a copy
        return Reflect.apply(original, this, arguments) as unknown;
      },
  );
}

function streamTypeOf(observer: Observer, prototype: object): TrackedType | null {
  const is = (constructor: { readonly prototype: object }): boolean =>
    prototype === constructor.prototype || Object.prototype.isPrototypeOf.call(constructor.prototype, prototype);
  // a terminal is a socket too
  if (!is(stream.Stream) || is(net.Socket) || is(http.OutgoingMessage) || is(http.IncomingMessage)) return null;
  // those before Node 0.10 (`new Stream()`, the package `through`) say nowhere whether they have ended
  if (!('_undestroy' in prototype)) return null;
  return observer.defineType({
    kind: 'stream',
    name: typeNameOf(prototype),
    probe: streamProbe,
    judgement: 'scope',
    advice: 'call `stream.destroy()` when its request closes, or use `stream.pipeline()`, which does',
  });
}
