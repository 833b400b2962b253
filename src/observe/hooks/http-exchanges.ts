import type { Nursery } from '../../lifetime/nursery.ts';
import type { ActiveRequests } from '../../lifetime/request-times.ts';
import type { ScopeCount } from '../../lifetime/scope-stats.ts';
import type { Tally } from '../../lifetime/tally.ts';
import { ReturnOverride, type Stamp } from '../../runtime/stamp.ts';
import type { Observer } from '../observer.ts';
import { ServerRuns } from './server-runs.ts';
import { nameByRouteLeftOn, routedName, tellRoute, wildcardName } from './http-routes.ts';

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
  readonly socket?: { readonly encrypted?: boolean; readonly server?: object | null } | null;
}

interface ScopeEnd {
  readonly finished: boolean;
  /** Of the response, 0 where none was sent. */
  readonly status: number;
}

/** Where requests of one method are counted. */
interface Method {
  /** The first that came under its name, as the request has it. */
  readonly word: string | undefined;
  readonly count: ScopeCount;
  readonly plain: ActiveRequests;
  readonly secure: ActiveRequests;
}

/** Requests as scopes: opened by the server's `request` event, ended by the close of the response. */
export class Exchanges {
  readonly #observer: Observer;
  readonly #tally: Tally;
  /** On the request, so that its later events find the scope again; its response knows it. */
  readonly #nurseries = requestScopes();
  readonly #methods = new Map<string, Method>();
  #lastMethod: Method | undefined;
  readonly #runs = new ServerRuns();
  readonly #upgrades = new Set<ScopeCount>();
  /** Its scope was entered before its server's `emit` tells of it. */
  #entered: object | undefined;

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

  /** @param request that has none yet, and whose scope the caller enters before its server's `emit` tells of it */
  openEntered(request: Request): Nursery {
    this.#entered = request;
    return this.openNew(request);
  }

  /** Whether the scope that an `emit` would begin was entered just before. Asked once. */
  wasEntered(message: unknown): boolean {
    if (message === undefined || this.#entered !== message) return false;
    this.#entered = undefined;
    return true;
  }

  /** @param request that has none yet */
  openNew(request: Request): Nursery {
    const nursery = this.openScope(request.method, isEncrypted(request), request.socket?.server);
    this.#nurseries.add(request, nursery);
    return nursery;
  }

  /** @param server that it came to, where that is known */
  openScope(method: string | undefined, secure: boolean, server?: object | null): Nursery {
    this.#tally.opened++;
    const { ledger } = this.#observer;
    const known = this.#methodOf(method);
    const nursery = ledger.openCounted('request', known.count);
    const { scope } = nursery;
    scope.runs = this.#runs.of(server, known.count.name);
    if (scope.runs !== undefined) scope.runs.begun++;
    scope.request = secure ? known.secure : known.plain;
    scope.startedMs = ledger.requestTimes.begin(scope.request);
    return nursery;
  }

  openUpgrade(method: string | undefined): Nursery {
    const { ledger } = this.#observer;
    const name = `${wildcardName(method)} upgrade`;
    const count = ledger.scopeStats.of(name);
    this.#upgrades.add(count);
    return ledger.openCounted('upgrade', count, name);
  }

  /** None that is under way counts as active any more, for its end will not be seen. */
  drop(): void {
    for (const { count, plain, secure } of this.#methods.values()) count.active = plain.count = secure.count = 0;
    for (const count of this.#upgrades) count.active = 0;
    this.#tally.dropped += this.#tally.open;
  }

  /** The request works in a scope that was opened before. */
  join(request: object, nursery: Nursery): void {
    this.#nurseries.set(request, nursery);
  }

  nameRoute(request: { readonly method?: string }, route: string): void {
    tellRoute(request, route);
    const nursery = this.#nurseries.get(request);
    if (nursery !== undefined) this.#observer.ledger.expectName(nursery, routedName(request.method, route));
  }

  end(nursery: Nursery, response: Response): void {
    const { req: request, writableFinished, stream } = response;
    if (nursery.scope.ended || request === undefined || request === null) return;
    if (this.#entered === request) this.#entered = undefined;
    const name = nursery.scope.expectedName ?? nameByRouteLeftOn(request);
    const finished = stream?.rstCode === undefined ? writableFinished === true : stream.rstCode === 0;
    // HTTP/2's compatibility request would make a stand-in for the socket of its session
    const connection = stream === undefined ? (request.socket ?? undefined) : undefined;
    this.#observer.ledger.endScope(nursery, name, connection);
    this.#countEnd(nursery, finished, statusOf(response));
  }

  endScope(nursery: Nursery, { finished, status }: ScopeEnd): void {
    if (nursery.scope.ended) return;
    this.#observer.ledger.endScope(nursery);
    this.#countEnd(nursery, finished, status);
  }

  #countEnd({ scope }: Nursery, finished: boolean, status: number): void {
    const { requestTimes } = this.#observer.ledger;
    if (scope.request !== undefined)
      requestTimes.end(scope.request, scope.startedMs, { name: scope.name, status, finished });
    scope.request = undefined;
    if (finished) this.#tally.released++;
    else this.#tally.errored++;
  }

  /** Most requests are of the method of the one before. */
  #methodOf(word: string | undefined): Method {
    const last = this.#lastMethod;
    if (last !== undefined && last.word === word) return last;
    const name = wildcardName(word);
    return (this.#lastMethod = this.#methods.get(name) ?? this.#newMethod(name, word));
  }

  #newMethod(name: string, word: string | undefined): Method {
    const { requestTimes, scopeStats } = this.#observer.ledger;
    const method = {
      word,
      count: scopeStats.of(name),
      plain: requestTimes.activeOf(name, false),
      secure: requestTimes.activeOf(name, true),
    };
    this.#methods.set(name, method);
    return method;
  }
}

/** A `stamp()` written out: its look-ups are asked four times a request. */
function requestScopes(): Stamp<Nursery> {
  return class RequestScope extends ReturnOverride {
    #nursery: Nursery;
    constructor(request: object, nursery: Nursery) {
      super(request);
      this.#nursery = nursery;
    }
    static get(request: object): Nursery | undefined {
      return #nursery in request ? request.#nursery : undefined;
    }
    static add(request: object, nursery: Nursery): void {
      new RequestScope(request, nursery);
    }
    static set(request: object, nursery: Nursery): void {
      if (#nursery in request) request.#nursery = nursery;
      else new RequestScope(request, nursery);
    }
  };
}

/** Whether the connection is TLS: what `tls.TLSSocket` says of itself. */
const isEncrypted = ({ socket }: Request): boolean => socket?.encrypted === true;

/** 0 where no headers were sent. Of HTTP/2 the stream knows, for its compatibility response may not have been used. */
const statusOf = ({ stream, headersSent, statusCode }: Response): number =>
  stream?.sentHeaders?.[':status'] ?? (headersSent === true ? (statusCode ?? 0) : 0);
