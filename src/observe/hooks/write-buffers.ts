import type { SwollenBuffers } from '../../lifetime/swollen-buffers.ts';
import { stream } from '../../runtime/builtins.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { type Detach, detachAll, patchMethod } from '../patch.ts';

/** Who writes to a socket or stream whose buffer swells. Nothing is attached while none does. */
export const writeBuffers = (buffers: SwollenBuffers): Hook => ({
  group: 'sockets',
  attach: (observer) =>
    detachAll([
      () => buffers.clear(),
      buffers.writes.offer(() =>
        detachAll([
          notesWrites(observer, buffers, stream.Writable.prototype),
          // Duplex has methods of its own, copied from Writable; sockets and HTTP/2 streams are Duplexes
          notesWrites(observer, buffers, stream.Duplex.prototype),
        ]),
      ),
    ]),
});

function notesWrites(observer: Observer, buffers: SwollenBuffers, prototype: object): Detach {
  return patchMethod(
    prototype,
    'write',
    (original, state) =>
      function write(this: object, ...args: unknown[]) {
        if (state.active) observer.guard('write', () => note(observer, buffers, this));
        return Reflect.apply(original, this, args) as unknown;
      },
  );
}

function note(observer: Observer, buffers: SwollenBuffers, thing: object): void {
  const buffer = buffers.wanting(thing);
  const nursery = buffer === undefined ? undefined : observer.nursery();
  if (nursery !== undefined) buffer?.wroteAt(observer.siteHere(nursery.scope), nursery.scope);
}
