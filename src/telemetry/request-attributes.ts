import type { Attributes } from '@opentelemetry/api';
import type { RequestSeries } from '../lifetime/route-times.ts';
import { attribute, otherName } from './names.ts';

/** What the convention calls a method that is none of HTTP's. */
const unknownMethod = '_OTHER';

/** `GET *` is the method alone: no framework has named its route. */
function methodAndRoute(name: string): readonly [method: string, route: string | undefined] {
  const at = name.indexOf(' ');
  const [method, route] = [name.slice(0, at), name.slice(at + 1)];
  return [/^[A-Z-]+$/.test(method) && method !== 'OTHER' ? method : unknownMethod, route === '*' ? undefined : route];
}

const schemeOf = (secure: boolean): string => (secure ? 'https' : 'http');

export function activeAttributes(name: string, secure: boolean): Attributes {
  return { [attribute.requestMethod]: methodAndRoute(name)[0], [attribute.urlScheme]: schemeOf(secure) };
}

/** `error.type` as the convention has it for servers: the status from 500 on; ours for a response that was never whole. */
export function durationAttributes(
  name: string,
  { status, secure, finished }: Pick<RequestSeries, 'status' | 'secure' | 'finished'>,
): Attributes {
  const [method, route] = methodAndRoute(name);
  const error = status >= 500 ? String(status) : finished ? undefined : 'aborted';
  return {
    [attribute.requestMethod]: method,
    [attribute.urlScheme]: schemeOf(secure),
    ...(route === undefined ? {} : { [attribute.route]: route }),
    ...(status === 0 ? {} : { [attribute.responseStatus]: status }),
    ...(error === undefined ? {} : { [attribute.errorType]: error }),
  };
}

/** All requests that found no series of their own. */
export const otherRequests: Attributes = {
  [attribute.requestMethod]: unknownMethod,
  [attribute.urlScheme]: 'http',
  [attribute.route]: otherName,
};
