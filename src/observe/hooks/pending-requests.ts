import type { IncomingMessage } from 'node:http';
import { ScopeSamples } from '../../lifetime/scope-samples.ts';
import type { Hook } from '../hook.ts';
import { nameByRoute, wildcardName } from './http-routes.ts';
import { subscribed } from './sockets.ts';

interface ResponseFields {
  readonly req?: IncomingMessage;
  readonly _header?: unknown;
  readonly destroyed?: boolean;
  readonly finished?: boolean;
}

/** Whether a response is past the point of being unanswered; plain data, no getter. */
export function isAnswered(response: object): boolean {
  const { _header: header, destroyed, finished } = response as ResponseFields;
  return (typeof header === 'string' && header !== '') || destroyed === true || finished === true;
}

/** What the request of a response is called as far as a framework has left its route on it. */
export function requestNameOf(response: object): string | undefined {
  const { req } = response as ResponseFields;
  return req === undefined ? undefined : (nameByRoute(req) ?? wildcardName(req.method));
}

/** Requests as they come in, a few of each sweep: whether they are answered is looked at later. */
export const pendingRequests = (samples: ScopeSamples): Hook => ({
  group: 'tasks',
  attach(observer) {
    const { ledger } = observer;
    const started = (message: unknown): void => {
      const { request, response } = message as { request?: IncomingMessage; response?: object };
      if (request === undefined || response === undefined) return;
      try {
        const watch = samples.born(wildcardName(request.method));
        if (watch === undefined) return;
        samples.sample(watch, { thing: response, scope: undefined, nowMs: ledger.nowMs, leftOpen: [] });
      } catch (error) {
        observer.failed('request start', error);
      }
    };
    const unsubscribe = subscribed('http.server.request.start', started);
    return () => {
      unsubscribe();
      samples.clear();
    };
  },
});

/** Sweeps after which a request should be answered. */
const sweepsBeforeLook = 24;

/** Samples of requests, for `pendingRequests`. */
export const requestSamples = (): ScopeSamples =>
  new ScopeSamples({
    mark: () => 0,
    isDue: (sample, sweep) => sweep - sample.sweep >= sweepsBeforeLook,
    isOver: isAnswered,
    isAtWork: () => false,
    isHeldBy: () => false,
  });
