import type { IncomingMessage } from 'node:http';
import type { Nursery } from '../../lifetime/nursery.ts';
import type { Tally } from '../../lifetime/tally.ts';
import { stamp } from '../../runtime/stamp.ts';
import type { Observer } from '../observer.ts';
import { routeOn, wildcardName } from './http-routes.ts';

/** A request under way: on its two messages, so that their later events find the scope again. */
export interface Exchange {
  readonly nursery: Nursery;
  readonly request: object;
  readonly response: object;
  route: string | undefined;
}

/** Requests as scopes: opened by the server's `request` event, ended by the close of the response. */
export class Exchanges {
  readonly #observer: Observer;
  readonly #tally: Tally;
  readonly #notes = stamp<Exchange>();

  constructor(observer: Observer) {
    this.#observer = observer;
    this.#tally = observer.ledger.tallyOf('http.request');
  }

  /** The exchange that a message belongs to. */
  of(message: object): Exchange | undefined {
    return this.#notes.get(message);
  }

  /** @returns `undefined` where the request has its scope already: an app may emit `request` again, on another server */
  open(request: { readonly method?: string }, response: object): Nursery | undefined {
    if (this.#notes.get(response) !== undefined) return undefined;
    const nursery = this.openScope(request);
    this.note({ nursery, request, response, route: undefined });
    return nursery;
  }

  openScope({ method }: { readonly method?: string | undefined }): Nursery {
    this.#tally.opened++;
    return this.#observer.ledger.openScope('request', wildcardName(method), undefined);
  }

  note(exchange: Exchange): void {
    this.#notes.set(exchange.response, exchange);
    this.#notes.set(exchange.request, exchange);
  }

  end({ nursery, request, response, route }: Exchange): void {
    if (nursery.scope.ended) return;
    const path = route ?? routeOn(request);
    const name =
      path === undefined ? undefined : `${wildcardName((request as IncomingMessage).method).slice(0, -1)}${path}`;
    this.endScope(nursery, isFinished(response), name);
  }

  endScope(nursery: Nursery, finished: boolean, name?: string): void {
    if (nursery.scope.ended) return;
    this.#observer.ledger.endScope(nursery, name);
    if (finished) this.#tally.released++;
    else this.#tally.errored++;
  }
}

interface Response {
  readonly writableFinished?: boolean;
  /** HTTP/2: a stream that the client gave up counts as finished, its code tells. */
  readonly stream?: { readonly rstCode?: number };
}

const isFinished = ({ writableFinished, stream }: Response): boolean =>
  stream?.rstCode === undefined ? writableFinished === true : stream.rstCode === 0;
