import type { Nursery } from '../../lifetime/nursery.ts';
import { http, loadedHttps } from '../../runtime/builtins.ts';
import type { Hook } from '../hook.ts';
import type { Observer } from '../observer.ts';
import { type AnyFunction, type Detach, detachAll, type PatchState, patchMethod } from '../patch.ts';
import { ClosingScopes } from './closing-scopes.ts';
import { onEmitterBirth } from './emitter-births.ts';
import { Exchanges, type Response } from './http-exchanges.ts';
import { subscribed } from './sockets.ts';
import { classWithin, constructorNameOf, isHttpsServer } from './node-classes.ts';

/** HTTP servers: each request, upgrade and CONNECT is a scope, from its first handler to the close of its response. */
export const httpServers: Hook = {
  group: 'http',
  attach(observer) {
    const exchanges = new Exchanges(observer);
    exchangesOf.set(observer, exchanges);
    const closing = new ClosingScopes(observer);
    const scopeOf = observer.safely('scope of a request', scopeOpener(observer, exchanges, closing));
    const detaches: Detach[] = [
      () => closing.detach(),
      entersAtStart(observer, exchanges),
      endsOf(observer, exchanges, http.ServerResponse.prototype),
      reenters(observer, exchanges, http.IncomingMessage.prototype),
      abortsOf(observer, exchanges, http.IncomingMessage.prototype),
      fastifyRoutes(observer, exchanges),
    ];
    const seen = new WeakSet<object>();
    const once = (prototype: object, attach: () => Detach): void => {
      if (!seen.has(prototype)) detaches.push(attach());
      seen.add(prototype);
    };
    const serve = (prototype: object): void =>
      once(prototype, () => scopesIn({ observer, exchanges, scopeOf }, prototype));
    // Node gives no hold of its HTTPS and HTTP/2 classes without loading them: they are met at their first instance
    const meet = (prototype: object): null => {
      const name = constructorNameOf(prototype);
      const httpsServer = classWithin(prototype, isHttpsServer);
      if (httpsServer !== undefined) serve(httpsServer);
      if (name === 'Http2Server' || name === 'Http2SecureServer') serve(prototype);
      if (name === 'Http2ServerResponse') once(prototype, () => endsOf(observer, exchanges, prototype));
      return null;
    };
    for (const module of [http, loadedHttps()]) if (module !== undefined) serve(module.Server.prototype);
    detaches.push(onEmitterBirth(observer, meet));
    return () => detachAll(detaches)();
  },
  unseen: (observer) => exchangesOf.get(observer)?.drop(),
};

/** Those of the last attach. */
const exchangesOf = new WeakMap<Observer, Exchanges>();

type ScopeOf = (event: unknown, message: object, other: unknown) => Nursery | undefined;

/** The scope that a server's event begins, if it does. */
function scopeOpener(observer: Observer, exchanges: Exchanges, closing: ClosingScopes): ScopeOf {
  return (event, message, other) => {
    switch (event) {
      case 'request':
      case 'checkContinue':
      case 'checkExpectation':
        return isObject(other) ? openRequest(exchanges, closing, message) : undefined;
      case 'upgrade':
      case 'connect':
        return isObject(other) ? openUpgrade({ observer, exchanges, closing }, message, other) : undefined;
      case 'stream':
        return isObject(other) ? openStream(exchanges, closing, message, other) : undefined;
      default:
        return undefined;
    }
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

interface Scoping {
  readonly observer: Observer;
  readonly exchanges: Exchanges;
  readonly scopeOf: ScopeOf;
}

/** `emit('request')` runs inside the request's scope: the handler and everything it starts inherit it. */
function scopesIn({ observer, exchanges, scopeOf }: Scoping, serverPrototype: object): Detach {
  return patchMethod(
    serverPrototype,
    'emit',
    (original, state) =>
      function emit(this: object, event: unknown, message: unknown, other: unknown) {
        if (!state.active) return Reflect.apply(original, this, arguments) as unknown;
        if (arguments.length === 3 && exchanges.wasEntered(message))
          return original.call(this, event, message, other) as unknown;
        const nursery = isObject(message) ? scopeOf(event, message, other) : undefined;
        if (nursery === undefined) return Reflect.apply(original, this, arguments) as unknown;
        return observer.context.run(nursery, original, this, arguments) as unknown;
      },
  );
}

interface StartMessage {
  readonly request?: Request;
  readonly socket?: { readonly _handle?: object | null };
}

/**
 * Where that costs less, the scope is entered when Node's parser has made the request: the `emit` that follows finds it
 * there. Not on a stream of the app's own, for that calls the parser from code of the app, which goes on afterwards.
 */
function entersAtStart(observer: Observer, exchanges: Exchanges): Detach {
  const { enter } = observer.context;
  if (enter === undefined) return () => {};
  return subscribed('http.server.request.start', (message) => {
    const { request, socket } = message as StartMessage;
    if (request === undefined || !socket?._handle) return;
    try {
      enter(exchanges.openEntered(request));
    } catch (error) {
      observer.failed('scope of a request', error);
    }
  });
}

interface Request {
  readonly method?: string;
  readonly socket?: { readonly encrypted?: boolean } | null;
  readonly httpVersionMajor?: unknown;
  readonly stream?: object;
}

function openRequest(exchanges: Exchanges, closing: ClosingScopes, request: Request): Nursery | undefined {
  if (request.httpVersionMajor !== 2) return exchanges.open(request);
  const nursery = request.stream === undefined ? undefined : closing.of(request.stream);
  // the stream's scope is under way: the request only gives it its route
  if (nursery !== undefined) exchanges.join(request, nursery);
  return undefined;
}

interface Upgrading {
  readonly observer: Observer;
  readonly exchanges: Exchanges;
  readonly closing: ClosingScopes;
}

/** An upgraded connection works until its socket closes. */
function openUpgrade(
  { observer: { ledger }, exchanges, closing }: Upgrading,
  request: { readonly method?: string },
  socket: { readonly closed?: boolean },
): Nursery | undefined {
  if (socket.closed === true) return undefined;
  const nursery = exchanges.openUpgrade(request.method);
  closing.endWith(socket, nursery, () => ledger.endScope(nursery));
  return nursery;
}

interface SentHeaders {
  readonly ':status'?: number;
}

/** HTTP/2: a request is a stream, whether the app listens to `stream` or to `request`. */
function openStream(
  exchanges: Exchanges,
  closing: ClosingScopes,
  stream: { readonly closed?: boolean; readonly rstCode?: number | undefined; readonly sentHeaders?: SentHeaders },
  headers: { readonly ':method'?: string; readonly ':scheme'?: string },
): Nursery | undefined {
  const prototype: object | null = Object.getPrototypeOf(stream);
  if (prototype === null || constructorNameOf(prototype) !== 'ServerHttp2Stream') return undefined;
  const nursery = exchanges.openScope(headers[':method'], headers[':scheme'] === 'https');
  closing.endWith(stream, nursery, () =>
    exchanges.endScope(nursery, {
      finished: stream.rstCode === 0,
      status: stream.sentHeaders?.[':status'] ?? 0,
    }),
  );
  return nursery;
}

/** `close` is the one event that both a finished and an aborted response emit. */
function endsOf(observer: Observer, exchanges: Exchanges, responsePrototype: object): Detach {
  const end = (nursery: Nursery, response: Response): void => {
    try {
      exchanges.end(nursery, response);
    } catch (error) {
      observer.failed('end of a request', error);
    }
  };
  return patchMethod(
    responsePrototype,
    'emit',
    (original, state) =>
      function emit(this: Response & Emitter, event: unknown) {
        const nursery = event === 'close' && state.active ? exchanges.of(this.req) : undefined;
        if (nursery === undefined)
          return (
            arguments.length === 1 ? original.call(this, event) : Reflect.apply(original, this, arguments)
          ) as unknown;
        try {
          if (!isHeard(this, event)) return Reflect.apply(original, this, arguments) as unknown;
          return observer.context.run(nursery, original, this, arguments) as unknown;
        } finally {
          end(nursery, this);
        }
      },
  );
}

interface Incoming {
  readonly method?: string;
  readonly complete?: boolean;
  readonly _readableState?: { readonly length?: number; readonly dataEmitted?: boolean; readonly endEmitted?: boolean };
}

/**
 * A body's later packets, and the loss of its connection, come without the request's context: what begins there is given it
 * back, and Node carries it on to the events. Not by its `emit`, which is called five times a request.
 */
function reenters(observer: Observer, exchanges: Exchanges, messagePrototype: object): Detach {
  const within = (state: PatchState, original: AnyFunction, message: object, args: ArrayLike<unknown>): unknown => {
    const outside = state.active && observer.context.current() === undefined;
    const nursery = outside ? exchanges.of(message) : undefined;
    return nursery === undefined
      ? (Reflect.apply(original, message, args) as unknown)
      : (observer.context.run(nursery, original, message, args) as unknown);
  };
  // written out twice, for V8 takes into its caller only a function that is made once
  return detachAll([
    patchMethod(
      messagePrototype,
      'push',
      (original, state) =>
        function push(this: object & Incoming, chunk: unknown) {
          const isPlain = arguments.length === 1 && (!state.active || endsWithItsHead(this, chunk));
          return isPlain ? (original.call(this, chunk) as unknown) : within(state, original, this, arguments);
        },
    ),
    patchMethod(
      messagePrototype,
      '_destroy',
      (original, state) =>
        function _destroy(this: object & Incoming, error: unknown, callback: unknown) {
          const isPlain = arguments.length === 2 && (!state.active || hasEnded(this));
          return isPlain ? (original.call(this, error, callback) as unknown) : within(state, original, this, arguments);
        },
    ),
  ]);
}

/** The end of a request without a body is pushed in the very call of Node's in which its head came. */
const endsWithItsHead = ({ method, _readableState: state }: Incoming, chunk: unknown): boolean =>
  chunk === null && (method === 'GET' || method === 'HEAD') && state?.length === 0 && state.dataEmitted !== true;

const hasEnded = ({ complete, _readableState: state }: Incoming): boolean =>
  complete === true && state?.endEmitted === true;

/** On Node 22 the response of a pipelined request never closes whose turn had not come when its connection was lost. */
const leavesAborted = Number.parseInt(process.versions.node, 10) < 24;

/** There the abort of the request ends it. */
function abortsOf(observer: Observer, exchanges: Exchanges, messagePrototype: object): Detach {
  if (!leavesAborted) return () => {};
  const end = observer.safely('abort of a request', (request: object) => {
    const nursery = exchanges.of(request);
    if (nursery !== undefined) exchanges.end(nursery, { req: request });
  });
  return patchMethod(
    messagePrototype,
    'emit',
    (original, state) =>
      function emit(this: object & { readonly aborted?: boolean }, event: unknown) {
        if (event !== 'close' || this.aborted !== true || !state.active)
          return (
            arguments.length === 1 ? original.call(this, event) : Reflect.apply(original, this, arguments)
          ) as unknown;
        try {
          return Reflect.apply(original, this, arguments) as unknown;
        } finally {
          end(this);
        }
      },
  );
}

interface Emitter {
  readonly _events?: Readonly<Record<PropertyKey, unknown>>;
  readonly _eventsCount?: number;
}

/** Whether anybody would run inside the scope: to enter it Node copies its map of contexts, twice (0.5 µs). */
const isHeard = ({ _events: events }: Emitter, event: unknown): boolean => events?.[event as PropertyKey] !== undefined;

interface FastifyMessage {
  readonly request?: { readonly raw?: object };
  readonly route?: { readonly url?: unknown };
}

/** Fastify names its route on a channel of its own, with the raw request. */
function fastifyRoutes(observer: Observer, exchanges: Exchanges): Detach {
  const nameRoute = observer.safely('route of a request', (message: unknown) => {
    const { request, route } = message as FastifyMessage;
    if (request?.raw !== undefined && typeof route?.url === 'string')
      exchanges.nameRoute(request.raw, route.url.slice(0, 120));
  });
  return subscribed('tracing:fastify.request.handler:start', nameRoute);
}
