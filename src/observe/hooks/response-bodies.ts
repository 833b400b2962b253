import type { Probe } from '../../lifetime/probe.ts';
import { stamp } from '../../runtime/stamp.ts';
import type { Hook } from '../hook.ts';
import { detachAll } from '../patch.ts';
import { type OutgoingCall, outgoingCall } from './outgoing-call.ts';
import { socketProbe, subscribed } from './sockets.ts';
import { streamProbe } from './streams.ts';

interface ClientMessage {
  readonly request: object;
  readonly response: object;
}

/** Responses to `http.request` and its kin: until read to the end or destroyed, each keeps its connection. */
export const responseBodies: Hook = {
  group: 'fetch',
  attach(observer) {
    const calls = stamp<OutgoingCall | undefined>();
    const type = observer.defineType({
      kind: 'http.response_body',
      name: 'http.IncomingMessage',
      probe: responseProbe,
      judgement: 'scope',
      advice: 'read the response to its end, or call `response.resume()` or `response.destroy()`',
    });
    const on = (channel: string, told: (message: ClientMessage) => void) =>
      subscribed(
        channel,
        observer.safely(channel, (message: unknown) => told(message as ClientMessage)),
      );
    return detachAll([
      on('http.client.request.created', ({ request }) => calls.set(request, outgoingCall(observer, type))),
      on('http.client.response.finish', ({ request, response }) => {
        const call = calls.get(request);
        if (call === undefined) return;
        calls.set(request, undefined);
        observer.ledger.open(call.nursery, response, type, call.origin);
      }),
    ]);
  },
};

interface ResponseFields {
  readonly complete?: boolean;
  readonly socket?: { readonly destroyed?: boolean } | null;
}

const responseProbe: Probe = {
  ...streamProbe,
  endOf(thing) {
    const { complete, socket } = thing as ResponseFields;
    // all of it has arrived and its connection is gone: what nobody read is garbage, and holds nothing
    return streamProbe.endOf(thing) ?? (complete === true && socket?.destroyed !== false ? 'released' : undefined);
  },
  isRooted: (thing) => (thing as ResponseFields).socket?.destroyed === false,
  progressOf(thing) {
    const { socket } = thing as ResponseFields;
    return socket ? (socketProbe.progressOf?.(socket) ?? 0) : 0;
  },
};
