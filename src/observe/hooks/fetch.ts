import type { End, Probe } from '../../lifetime/probe.ts';
import type { TrackedType } from '../../lifetime/tracked-type.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { oncePerObserver } from '../once-per-observer.ts';
import { detachAll } from '../patch.ts';
import { socketProbe, subscribed } from './sockets.ts';

/** What is noted of a request of undici's, the global `fetch` or the package. */
interface Reception {
  end: Exclude<End, 'abandoned'> | undefined;
  /** Its connection, while it is under way: the bytes that pass tell whether anybody reads. */
  socket: object | undefined;
}

interface RequestFields {
  readonly method?: unknown;
  readonly upgrade?: unknown;
}

/**
 * Response bodies of `fetch` and undici. The request object stands for the body: it lives as long as its connection is busy with
 * it, which for a body that nobody reads is for good. Undici says "trailers" once the last byte was taken, else "error".
 */
export const fetchBodies: Hook = {
  group: 'fetch',
  attach(observer) {
    const { receptions, type } = bodiesOf(observer);
    const on = (channel: string, told: (message: UndiciMessage) => void) =>
      subscribed(
        channel,
        observer.safely(channel, (message: unknown) => told(message as UndiciMessage)),
      );
    const ends = (end: Reception['end']) => (message: UndiciMessage) => {
      const reception = receptions.get(message.request);
      if (reception === undefined) return;
      reception.end = end;
      reception.socket = undefined;
    };
    return detachAll([
      on('undici:request:create', ({ request }) => openBody(observer, receptions, type, request)),
      on('undici:client:sendHeaders', ({ request, socket }) => {
        const reception = receptions.get(request);
        if (reception !== undefined && reception.end === undefined) reception.socket = socket;
      }),
      on('undici:request:trailers', ends('released')),
      on('undici:request:error', ends('errored')),
    ]);
  },
};

const bodiesOf = oncePerObserver((observer) => {
  const receptions = stamp<Reception>();
  const type = observer.defineType({
    kind: 'http.response_body',
    name: 'undici.Response',
    probe: probeOf(receptions),
    judgement: 'scope',
    advice: 'read the body to its end, or give it up: `await response.body?.cancel()`, with undici `await body.dump()`',
  });
  return { receptions, type };
});

interface UndiciMessage {
  readonly request: object;
  readonly socket?: object;
}

function openBody(observer: Observer, receptions: Stamp<Reception>, type: TrackedType, request: object): void {
  const { method, upgrade } = request as RequestFields;
  // these never have a body: their socket goes on as a tunnel or a WebSocket
  if (method === 'CONNECT' || Boolean(upgrade)) return;
  const nursery = observer.nursery();
  if (nursery === undefined) return;
  receptions.set(request, { end: undefined, socket: undefined });
  observer.ledger.open(nursery, request, type, observer.originHere(type, nursery.scope));
}

const probeOf = (receptions: Stamp<Reception>): Probe => ({
  endOf: (thing) => receptions.get(thing)?.end,
  isRooted: (thing) => receptions.get(thing)?.socket !== undefined,
  progressOf(thing) {
    const socket = receptions.get(thing)?.socket;
    return socket === undefined ? 0 : (socketProbe.progressOf?.(socket) ?? 0);
  },
});
