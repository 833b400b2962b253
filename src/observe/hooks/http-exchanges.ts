import type { Nursery } from '../../lifetime/nursery.ts';
import type { Tally } from '../../lifetime/tally.ts';
import { stamp } from '../../runtime/stamp.ts';
import type { Observer } from '../observer.ts';
import { nameByRoute, routedName, tellRoute, wildcardName } from './http-routes.ts';

/** What is read of a response, of HTTP/1 and 2 alike. */
export interface Response {
  /** HTTP/2's compatibility response has `null` once its stream is closed. */
  readonly req?: Request | null;
  readonly writableFinished?: boolean;
  readonly headersSent?: boolean;
  readonly statusCode?: number;
  /** HTTP/2: a stream that the client gave up counts as finished, its code tells. */
  readonly stream?: { readonly rstCode?: number; readonly sentHeaders?: { readonly ':status'?: number } };
}

export interface Request {
  readonly method?: string;
  readonly socket?: { readonly encrypted?: boolean } | null;
}

interface ScopeEnd {
  readonly finished: boolean;
  /** Of the response, 0 where none was sent. */
  readonly status: number;
  readonly name?: string | undefined;
  readonly connection?: object | undefined;
}

/** Requests as scopes: opened by the server's `request` event, ended by the close of the response. */
export class Exchanges {
  readonly #observer: Observer;
  readonly #tally: Tally;
  /** On the request, so that its later events find the scope again; its response knows it. */
  readonly #nurseries = stamp<Nursery>();

  constructor(observer: Observer) {
    this.#observer = observer;
    this.#tally = observer.ledger.tallyOf('http.request');
  }

  of(request: object | null | undefined): Nursery | undefined {
    return request === undefined || request === null ? undefined : this.#nurseries.get(request);
  }

  /** @returns `undefined` where the request has its scope already: an app may emit `request` again, on another server */
  open(request: Request): Nursery | undefined {
    return this.#nurseries.get(request) === undefined ? this.openNew(request) : undefined;
  }

  /** @param request that has none yet */
  openNew(request: Request): Nursery {
    const nursery = this.openScope(request.method, isEncrypted(request));
    this.#nurseries.add(request, nursery);
    return nursery;
  }

  openScope(method: string | undefined, secure: boolean): Nursery {
    this.#tally.opened++;
    const { ledger } = this.#observer;
    const name = wildcardName(method);
    const nursery = ledger.openScope('request', name, undefined);
    nursery.scope.request = ledger.requestTimes.begin(name, secure);
    return nursery;
  }

  /** The request works in a scope that was opened before. */
  join(request: object, nursery: Nursery): void {
    this.#nurseries.set(request, nursery);
  }

  nameRoute(request: { readonly method?: string }, route: string): void {
    tellRoute(request, route);
    const nursery = this.#nurseries.get(request);
    if (nursery !== undefined) nursery.scope.expectedName = routedName(request.method, route);
  }

  end(nursery: Nursery, response: Response): void {
    const { req: request, writableFinished, stream } = response;
    if (nursery.scope.ended || request === undefined || request === null) return;
    const name = nursery.scope.expectedName ?? nameByRoute(request);
    const finished = stream?.rstCode === undefined ? writableFinished === true : stream.rstCode === 0;
    // HTTP/2's compatibility request would make a stand-in for the socket of its session
    const connection = stream === undefined ? (request.socket ?? undefined) : undefined;
    this.endScope(nursery, { finished, status: statusOf(response), name, connection });
  }

  endScope(nursery: Nursery, { finished, status, name, connection }: ScopeEnd): void {
    const { scope } = nursery;
    if (scope.ended) return;
    const { ledger } = this.#observer;
    ledger.endScope(nursery, name, connection);
    if (scope.request !== undefined) ledger.requestTimes.end(scope.request, { name: scope.name, status, finished });
    scope.request = undefined;
    if (finished) this.#tally.released++;
    else this.#tally.errored++;
  }
}

/** Whether the connection is TLS: what `tls.TLSSocket` says of itself. */
const isEncrypted = ({ socket }: Request): boolean => socket?.encrypted === true;

/** 0 where no headers were sent. Of HTTP/2 the stream knows, for its compatibility response may not have been used. */
const statusOf = ({ stream, headersSent, statusCode }: Response): number =>
  stream?.sentHeaders?.[':status'] ?? (headersSent === true ? (statusCode ?? 0) : 0);
