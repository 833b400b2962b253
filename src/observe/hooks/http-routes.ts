import { http } from '../../runtime/builtins.ts';
import { stamp } from '../../runtime/stamp.ts';
import { type App, mountPattern } from './express-routes.ts';

const unknownMethod = 'OTHER *';
const wildcards: ReadonlyMap<string | undefined, string> = new Map(
  http.METHODS.map((method) => [method, `${method} *`]),
);

/**
 * `GET *`: what a request is called while no framework has named its route. Methods that Node does not know share one name:
 * over HTTP/2 a client may send any word.
 */
export const wildcardName = (method: string | undefined): string => wildcards.get(method) ?? unknownMethod;

const maxRouted = 2000;
const routed = new Map<string, Map<string, string>>();

/** `GET /orders/:id`, the same string each time: to count under a new one means to hash it, which costs 1 µs. */
export function routedName(method: string | undefined, route: string): string {
  const wildcard = wildcardName(method);
  let byWildcard = routed.get(route);
  const known = byWildcard?.get(wildcard);
  if (known !== undefined) return known;
  const name = `${wildcard.slice(0, -1)}${route}`;
  if (byWildcard === undefined) {
    if (routed.size >= maxRouted) return name;
    routed.set(route, (byWildcard = new Map()));
  }
  byWildcard.set(wildcard, name);
  return name;
}

/** What a request is called by the route that a framework has left on it, if one has. */
export function nameByRoute(request: { readonly method?: string | undefined }): string | undefined {
  const route = routeOn(request);
  return route === undefined ? undefined : routedName(request.method, route);
}

/** The same where no framework has told it, only left it there. */
export function nameByRouteLeftOn(request: { readonly method?: string | undefined }): string | undefined {
  const route = routeLeftOn(request);
  return route === undefined ? undefined : routedName(request.method, route);
}

const told = stamp<string>();

/** A framework tells the route of a request. */
export const tellRoute = (request: object, route: string): void => told.set(request, route);

interface FrameworkRequest {
  readonly app?: App;
  readonly baseUrl?: unknown;
  readonly route?: { readonly path?: unknown } | undefined;
}

/** The route that a framework told, or left on the request (Express and its kin): a pattern, never a URL. */
export function routeOn(request: object): string | undefined {
  return told.get(request) ?? routeLeftOn(request);
}

function routeLeftOn(request: object): string | undefined {
  const { app, baseUrl, route } = request as FrameworkRequest;
  const path = route?.path;
  if (route === undefined || typeof path !== 'string') return undefined;
  if (typeof baseUrl !== 'string' || baseUrl === '') return path.slice(0, 120);
  const mount = typeof app === 'function' ? mountPattern(app, route, baseUrl) : '*';
  return `${mount}${path === '/' ? '' : path}`.slice(0, 120);
}
