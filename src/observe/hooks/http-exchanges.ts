import type { Nursery } from '../../lifetime/nursery.ts';
import type { Tally } from '../../lifetime/tally.ts';
import { stamp } from '../../runtime/stamp.ts';
import type { Observer } from '../observer.ts';
import { nameByRoute, routedName, wildcardName } from './http-routes.ts';

/** What is read of a response, of HTTP/1 and 2 alike. */
export interface Response {
  readonly req?: object;
  readonly writableFinished?: boolean;
  /** HTTP/2: a stream that the client gave up counts as finished, its code tells. */
  readonly stream?: { readonly rstCode?: number };
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

  of(request: object | undefined): Nursery | undefined {
    return request === undefined ? undefined : this.#nurseries.get(request);
  }

  /** @returns `undefined` where the request has its scope already: an app may emit `request` again, on another server */
  open(request: { readonly method?: string }): Nursery | undefined {
    if (this.#nurseries.get(request) !== undefined) return undefined;
    const nursery = this.openScope(request.method);
    this.#nurseries.set(request, nursery);
    return nursery;
  }

  openScope(method: string | undefined): Nursery {
    this.#tally.opened++;
    return this.#observer.ledger.openScope('request', wildcardName(method), undefined);
  }

  /** The request works in a scope that was opened before. */
  join(request: object, nursery: Nursery): void {
    this.#nurseries.set(request, nursery);
  }

  nameRoute(request: { readonly method?: string }, route: string): void {
    const nursery = this.#nurseries.get(request);
    if (nursery !== undefined) nursery.scope.expectedName = routedName(request.method, route);
  }

  end(nursery: Nursery, { req: request, writableFinished, stream }: Response): void {
    if (nursery.scope.ended || request === undefined) return;
    const name = nursery.scope.expectedName ?? nameByRoute(request);
    this.endScope(nursery, stream?.rstCode === undefined ? writableFinished === true : stream.rstCode === 0, name);
  }

  endScope(nursery: Nursery, finished: boolean, name?: string): void {
    if (nursery.scope.ended) return;
    this.#observer.ledger.endScope(nursery, name);
    if (finished) this.#tally.released++;
    else this.#tally.errored++;
  }
}
