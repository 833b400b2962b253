const wildcards = new Map<string, string>();

/** `GET *`: what a request is called while no framework has named its route. Unknown methods share one name. */
export function wildcardName(method: string | undefined): string {
  const known = wildcards.get(method ?? '');
  if (known !== undefined) return known;
  const name = method !== undefined && /^[A-Z-]{1,16}$/.test(method) ? `${method} *` : 'OTHER *';
  if (wildcards.size < 64) wildcards.set(method ?? '', name);
  return name;
}

interface FrameworkRequest {
  readonly baseUrl?: unknown;
  readonly route?: { readonly path?: unknown } | undefined;
}

/** The route that a framework left on the request (Express and its kin), a pattern, never a URL. */
export function routeOn(request: object): string | undefined {
  const path = (request as FrameworkRequest).route?.path;
  if (typeof path !== 'string') return undefined;
  const { baseUrl } = request as FrameworkRequest;
  // a mounted router's baseUrl holds the values of its parameters: then only the router's own pattern is low in number
  const prefix = typeof baseUrl === 'string' && /^(\/[A-Za-z_-]+){0,3}$/.test(baseUrl) ? baseUrl : '';
  return `${prefix}${path}`.slice(0, 120);
}
