import http from 'node:http';
import https from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Nursery } from '../../lifetime/nursery.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { type Detach, detachAll, patchMethod } from '../patch.ts';
import { onEmitterBirth } from './emitter-births.ts';
import { routeOn, wildcardName } from './http-routes.ts';
import { subscribed } from './sockets.ts';
import { constructorNameOf } from './type-name.ts';

/** A request under way: on its two messages, so that their later events find the scope again. */
interface Exchange {
  readonly nursery: Nursery;
  readonly request: object;
  route: string | undefined;
}

/** HTTP servers: each request, upgrade and CONNECT is a scope, from its first handler to the close of its response. */
export const httpServers: Hook = {
  group: 'http',
  attach(observer) {
    const exchanges = stamp<Exchange>();
    const seenServers = new WeakSet<object>();
    const detaches: Detach[] = [
      scopesIn(observer, exchanges, http.Server.prototype),
      scopesIn(observer, exchanges, https.Server.prototype),
      endsOf(observer, exchanges, http.ServerResponse.prototype),
      reenters(observer, exchanges, http.IncomingMessage.prototype),
      fastifyRoutes(exchanges),
    ];
    detaches.push(
      onEmitterBirth(observer, (prototype) => {
        const name = constructorNameOf(prototype);
        if (seenServers.has(prototype)) return null;
        if (name === 'Http2Server' || name === 'Http2SecureServer') {
          seenServers.add(prototype);
          detaches.push(scopesIn(observer, exchanges, prototype));
        } else if (name === 'Http2ServerResponse') {
          seenServers.add(prototype);
          detaches.push(endsOf(observer, exchanges, prototype));
        }
        return null;
      }),
    );
    return () => detachAll(detaches)();
  },
};

const requestEvents = new Set<unknown>(['request', 'checkContinue', 'checkExpectation']);

/** `emit('request')` runs inside the request's scope: the handler and everything it starts inherit it. */
function scopesIn(observer: Observer, exchanges: Stamp<Exchange>, serverPrototype: object): Detach {
  return patchMethod(
    serverPrototype,
    'emit',
    (original, state) =>
      function emit(this: object, ...args: unknown[]) {
        const [event, request] = args;
        if (!state.active || typeof request !== 'object' || request === null)
          return Reflect.apply(original, this, args) as unknown;
        if (requestEvents.has(event)) {
          const nursery = openRequest(observer, exchanges, request, args[2]);
          if (nursery !== undefined) return observer.context.run(nursery, original, this, args) as unknown;
        } else if (event === 'upgrade' || event === 'connect') {
          const nursery = openUpgrade(observer, request, args[2]);
          if (nursery !== undefined) return observer.context.run(nursery, original, this, args) as unknown;
        }
        return Reflect.apply(original, this, args) as unknown;
      },
  );
}

function openRequest(
  observer: Observer,
  exchanges: Stamp<Exchange>,
  request: object,
  response: unknown,
): Nursery | undefined {
  if (typeof response !== 'object' || response === null || exchanges.get(response) !== undefined) return undefined;
  const { method } = request as IncomingMessage;
  const nursery = observer.ledger.openScope('request', wildcardName(method), undefined);
  const exchange: Exchange = { nursery, request, route: undefined };
  exchanges.set(response, exchange);
  exchanges.set(request, exchange);
  observer.countOpened('http.request');
  return nursery;
}

/** An upgraded connection works until its socket closes. */
function openUpgrade(observer: Observer, request: object, socket: unknown): Nursery | undefined {
  if (typeof socket !== 'object' || socket === null) return undefined;
  const name = `${wildcardName((request as IncomingMessage).method)} upgrade`;
  const nursery = observer.ledger.openScope('upgrade', name, undefined);
  upgraded.set(socket, nursery);
  endWithSocket(observer, socket as Socket);
  return nursery;
}

const upgraded = stamp<Nursery>();
const watched = new WeakMap<object, Detach>();

/** The `close` of an upgraded socket is seen by its prototype's `emit`, patched once an upgrade was met: no listener is added. */
function endWithSocket(observer: Observer, socket: Socket): void {
  const prototype: object | null = Object.getPrototypeOf(socket);
  if (prototype === null || watched.has(prototype)) return;
  const detach = patchMethod(
    prototype,
    'emit',
    (original, state) =>
      function emit(this: object, ...args: unknown[]) {
        if (state.active && args[0] === 'close') {
          const nursery = upgraded.get(this);
          if (nursery !== undefined) {
            try {
              return Reflect.apply(original, this, args) as unknown;
            } finally {
              observer.guard('upgrade end', () => observer.ledger.endScope(nursery));
            }
          }
        }
        return Reflect.apply(original, this, args) as unknown;
      },
  );
  watched.set(prototype, () => (watched.delete(prototype), detach()));
  observer.onDetach(() => watched.get(prototype)?.());
}

/** `close` is the one event that both a finished and an aborted response emit. */
function endsOf(observer: Observer, exchanges: Stamp<Exchange>, responsePrototype: object): Detach {
  return patchMethod(
    responsePrototype,
    'emit',
    (original, state) =>
      function emit(this: object, ...args: unknown[]) {
        if (!state.active || args[0] !== 'close') return Reflect.apply(original, this, args) as unknown;
        const exchange = exchanges.get(this);
        if (exchange === undefined) return Reflect.apply(original, this, args) as unknown;
        try {
          return observer.context.run(exchange.nursery, original, this, args) as unknown;
        } finally {
          observer.guard('request end', () => endRequest(observer, exchange, this));
        }
      },
  );
}

function endRequest(observer: Observer, { nursery, request, route }: Exchange, response: object): void {
  if (nursery.scope.ended) return;
  const path = route ?? routeOn(request);
  const { method } = request as IncomingMessage;
  const wildcard = wildcardName(method);
  observer.ledger.endScope(nursery, path === undefined ? wildcard : `${wildcard.slice(0, -1)}${path}`);
  const tally = observer.ledger.tallyOf('http.request');
  if ((response as ServerResponse).writableFinished) tally.released++;
  else tally.errored++;
}

/** From Node 24 on, a body's events of a later packet come without the request's context: they are given it back. */
function reenters(observer: Observer, exchanges: Stamp<Exchange>, messagePrototype: object): Detach {
  return patchMethod(
    messagePrototype,
    'emit',
    (original, state) =>
      function emit(this: object, ...args: unknown[]) {
        if (state.active && observer.context.current() === undefined) {
          const exchange = exchanges.get(this);
          if (exchange !== undefined) return observer.context.run(exchange.nursery, original, this, args) as unknown;
        }
        return Reflect.apply(original, this, args) as unknown;
      },
  );
}

interface FastifyMessage {
  readonly request?: { readonly raw?: object };
  readonly route?: { readonly url?: unknown };
}

/** Fastify names its route on a channel of its own, with the raw request. */
function fastifyRoutes(exchanges: Stamp<Exchange>): Detach {
  return subscribed('tracing:fastify.request.handler:start', (message) => {
    const { request, route } = message as FastifyMessage;
    const exchange = request?.raw === undefined ? undefined : exchanges.get(request.raw);
    if (exchange !== undefined && typeof route?.url === 'string') exchange.route = route.url.slice(0, 120);
  });
}
