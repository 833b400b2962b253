import type { Socket } from 'node:net';
import type { Probe } from '../../lifetime/probe.ts';
import { diagnosticsChannel, net } from '../../runtime/builtins.ts';
import { stamp } from '../../runtime/stamp.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { detachAll, patchMethod } from '../patch.ts';
import { streamProbe } from './streams.ts';

interface SocketFields {
  readonly destroyed?: boolean;
  readonly connecting?: boolean;
  readonly _handle?: { readonly bytesRead?: unknown; readonly bytesWritten?: unknown } | null;
  readonly _bytesDispatched?: unknown;
}

const numberOr0 = (value: unknown): number => (typeof value === 'number' ? value : 0);

export const socketProbe: Probe = {
  isRooted: (thing) => Boolean((thing as SocketFields)._handle),
  endOf: streamProbe.endOf,
  /** Bytes in and out so far: the handle's own counters, without `Socket.bytesWritten`, which walks the write queue. */
  progressOf(thing) {
    const { _handle: handle } = thing as SocketFields;
    return handle ? numberOr0(handle.bytesRead) + numberOr0(handle.bytesWritten) : 0;
  },
  bufferedOf: (thing) => (thing as { writableLength?: number }).writableLength ?? 0,
};

/** Client sockets at `connect`, server sockets when they are accepted. */
export const sockets: Hook = {
  group: 'sockets',
  attach(observer) {
    const open = opener(observer);
    return detachAll([
      patchMethod(
        net.Socket.prototype,
        'connect',
        (original, state) =>
          function connect(this: Socket, ...args: unknown[]) {
            if (state.active) observer.guard('socket connect', () => open.client(this));
            return Reflect.apply(original, this, args) as unknown;
          },
      ),
      subscribed('net.server.socket', (message) => {
        const { socket } = message as { socket?: unknown };
        if (socket instanceof net.Socket) observer.guard('server socket', () => open.accepted(socket));
      }),
    ]);
  },
};

/** Subscribes to one of Node's diagnostics channels. */
export function subscribed(name: string, listener: (message: unknown) => void) {
  diagnosticsChannel.subscribe(name, listener);
  return () => void diagnosticsChannel.unsubscribe(name, listener);
}

function opener(observer: Observer) {
  const opened = stamp<true>();
  const client = observer.defineType({
    kind: 'socket',
    name: 'net.Socket',
    probe: socketProbe,
    judgement: 'scope',
    advice: 'call `socket.destroy()`, or end the client that opened it',
  });
  const accepted = observer.defineType({
    kind: 'http.connection',
    name: 'net.Socket',
    probe: socketProbe,
    judgement: 'none',
    advice: 'end the connection or set `server.keepAliveTimeout`',
  });
  const once = (socket: Socket, type: typeof client): void => {
    if (opened.get(socket) === true) return;
    opened.set(socket, true);
    observer.open(socket, type);
  };
  return {
    client: (socket: Socket) => once(socket, client),
    accepted: (socket: Socket) => once(socket, accepted),
  };
}
