import http from 'node:http';
import https from 'node:https';
import type { Nursery } from '../../lifetime/nursery.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { type Detach, detachAll, patchMethod } from '../patch.ts';
import { ClosingScopes } from './closing-scopes.ts';
import { onEmitterBirth } from './emitter-births.ts';
import { Exchanges } from './http-exchanges.ts';
import { wildcardName } from './http-routes.ts';
import { subscribed } from './sockets.ts';
import { constructorNameOf } from './type-name.ts';

/** HTTP servers: each request, upgrade and CONNECT is a scope, from its first handler to the close of its response. */
export const httpServers: Hook = {
  group: 'http',
  attach(observer) {
    const exchanges = new Exchanges(observer);
    const closing = new ClosingScopes(observer);
    const scopeOf = observer.safely('scope of a request', scopeOpener(observer, exchanges, closing));
    const detaches: Detach[] = [
      () => closing.detach(),
      scopesIn(observer, scopeOf, http.Server.prototype),
      scopesIn(observer, scopeOf, https.Server.prototype),
      endsOf(observer, exchanges, http.ServerResponse.prototype),
      reenters(observer, exchanges, http.IncomingMessage.prototype),
      fastifyRoutes(observer, exchanges),
    ];
    const seen = new WeakSet<object>();
    // Node gives no hold of its HTTP/2 classes without loading them: they are met at their first instance
    const meet = (prototype: object): null => {
      if (!seen.has(prototype)) {
        const name = constructorNameOf(prototype);
        if (name === 'Http2Server' || name === 'Http2SecureServer')
          detaches.push(scopesIn(observer, scopeOf, prototype));
        if (name === 'Http2ServerResponse') detaches.push(endsOf(observer, exchanges, prototype));
        seen.add(prototype);
      }
      return null;
    };
    detaches.push(onEmitterBirth(observer, meet));
    return () => detachAll(detaches)();
  },
};

type ScopeOf = (event: unknown, message: object, other: unknown) => Nursery | undefined;

/** The scope that a server's event begins, if it does. */
function scopeOpener(observer: Observer, exchanges: Exchanges, closing: ClosingScopes): ScopeOf {
  return (event, message, other) => {
    switch (event) {
      case 'request':
      case 'checkContinue':
      case 'checkExpectation':
        return isObject(other) ? openRequest(exchanges, closing, message, other) : undefined;
      case 'upgrade':
      case 'connect':
        return isObject(other) ? openUpgrade(observer, closing, message, other) : undefined;
      case 'stream':
        return isObject(other) ? openStream(exchanges, closing, message, other) : undefined;
      default:
        return undefined;
    }
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** `emit('request')` runs inside the request's scope: the handler and everything it starts inherit it. */
function scopesIn(observer: Observer, scopeOf: ScopeOf, serverPrototype: object): Detach {
  return patchMethod(
    serverPrototype,
    'emit',
    (original, state) =>
      function emit(this: object, event: unknown, message: unknown, other: unknown) {
        const nursery = state.active && isObject(message) ? scopeOf(event, message, other) : undefined;
        if (nursery === undefined) return Reflect.apply(original, this, arguments) as unknown;
        return observer.context.run(nursery, original, this, arguments) as unknown;
      },
  );
}

interface Http2Message {
  readonly httpVersionMajor?: unknown;
  readonly stream?: object;
}

function openRequest(
  exchanges: Exchanges,
  closing: ClosingScopes,
  request: object,
  response: object,
): Nursery | undefined {
  const { httpVersionMajor } = request as Http2Message;
  if (httpVersionMajor !== 2) return exchanges.open(request, response);
  const { stream } = response as Http2Message;
  const nursery = stream === undefined ? undefined : closing.of(stream);
  // the stream's scope is under way: the request only gives it its route
  if (nursery !== undefined) exchanges.note({ nursery, request, response, route: undefined });
  return undefined;
}

/** An upgraded connection works until its socket closes. */
function openUpgrade(
  observer: Observer,
  closing: ClosingScopes,
  request: { readonly method?: string },
  socket: { readonly closed?: boolean },
): Nursery | undefined {
  if (socket.closed === true) return undefined;
  const { ledger } = observer;
  const nursery = ledger.openScope('upgrade', `${wildcardName(request.method)} upgrade`, undefined);
  closing.endWith(socket, nursery, () => ledger.endScope(nursery));
  return nursery;
}

/** HTTP/2: a request is a stream, whether the app listens to `stream` or to `request`. */
function openStream(
  exchanges: Exchanges,
  closing: ClosingScopes,
  stream: { readonly closed?: boolean; readonly rstCode?: number | undefined },
  headers: { readonly ':method'?: string },
): Nursery | undefined {
  const prototype: object | null = Object.getPrototypeOf(stream);
  if (prototype === null || constructorNameOf(prototype) !== 'ServerHttp2Stream') return undefined;
  const nursery = exchanges.openScope({ method: headers[':method'] });
  closing.endWith(stream, nursery, () => exchanges.endScope(nursery, stream.rstCode === 0));
  return nursery;
}

/** `close` is the one event that both a finished and an aborted response emit. */
function endsOf(observer: Observer, exchanges: Exchanges, responsePrototype: object): Detach {
  return patchMethod(
    responsePrototype,
    'emit',
    (original, state) =>
      function emit(this: object, event: unknown) {
        const exchange = event === 'close' && state.active ? exchanges.of(this) : undefined;
        if (exchange === undefined) return Reflect.apply(original, this, arguments) as unknown;
        try {
          return observer.context.run(exchange.nursery, original, this, arguments) as unknown;
        } finally {
          observer.guard('request end', () => exchanges.end(exchange));
        }
      },
  );
}

/** From Node 24 on, a body's events of a later packet come without the request's context: they are given it back. */
function reenters(observer: Observer, exchanges: Exchanges, messagePrototype: object): Detach {
  return patchMethod(
    messagePrototype,
    'emit',
    (original, state) =>
      function emit(this: object & { readonly aborted?: boolean }, event: unknown) {
        const exchange = state.active && observer.context.current() === undefined ? exchanges.of(this) : undefined;
        if (exchange === undefined) return Reflect.apply(original, this, arguments) as unknown;
        try {
          return observer.context.run(exchange.nursery, original, this, arguments) as unknown;
        } finally {
          // Node 22: a pipelined request whose turn had not come when its connection was lost; its response never closes
          if (event === 'close' && this.aborted === true)
            observer.guard('aborted request', () => exchanges.end(exchange));
        }
      },
  );
}

interface FastifyMessage {
  readonly request?: { readonly raw?: object };
  readonly route?: { readonly url?: unknown };
}

/** Fastify names its route on a channel of its own, with the raw request. */
function fastifyRoutes(observer: Observer, exchanges: Exchanges): Detach {
  const nameRoute = observer.safely('route of a request', (message: unknown) => {
    const { request, route } = message as FastifyMessage;
    const exchange = request?.raw === undefined ? undefined : exchanges.of(request.raw);
    if (exchange !== undefined && typeof route?.url === 'string') exchange.route = route.url.slice(0, 120);
  });
  return subscribed('tracing:fastify.request.handler:start', nameRoute);
}
