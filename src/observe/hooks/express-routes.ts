/** What Express and its router leave on their objects as plain data. */
interface Layer {
  readonly route?: unknown;
  readonly handle?: { readonly stack?: unknown };
  /** Router from 2.3 on: the path as the app wrote it. */
  readonly rawPath?: unknown;
  /** Express 4. */
  readonly regexp?: unknown;
  readonly keys?: unknown;
  /** Of the last match: an object without keys says that the path has no parameter. */
  readonly params?: unknown;
}
/** An Express app, or a router that is one's. */
export interface App {
  readonly _router?: { readonly stack?: unknown };
  readonly router?: { readonly stack?: unknown };
  readonly mountpath?: unknown;
  readonly parent?: App;
}

const maxDepth = 8;
const maxLayers = 5000;
const maxMounts = 8;

const maxTries = 8;

/** By route: its prefix or, while that is not known, how often it was looked for. */
const prefixes = new WeakMap<object, string | number>();

/**
 * What stands before a route's own path, as a pattern: `/api`, `/users/:uid`. A request's `baseUrl` holds the values of
 * parameters (`/users/alice`), so it is used only where the layers of its routers are known to have none; else `*` is.
 */
export function mountPattern(app: App, route: object, baseUrl: string): string {
  const known = prefixes.get(route) ?? 0;
  if (typeof known === 'string') return known;
  if (known >= maxTries) return '*';
  const pattern = patternOf(app, route, baseUrl);
  prefixes.set(route, pattern ?? known + 1);
  return pattern ?? '*';
}

function patternOf(app: App, route: object, baseUrl: string): string | undefined {
  const mounts = mountsOf(stackOf(app), route);
  if (mounts === undefined) return undefined;
  const patterns = [...appPatterns(app), ...mounts.map(layerPattern)];
  if (patterns.every((pattern) => pattern !== undefined)) return patterns.join('');
  return mounts.every(isStatic) && appPatterns(app).every((pattern) => pattern?.includes(':') === false)
    ? baseUrl
    : undefined;
}

/** Where an app is mounted in another, outermost first. */
function appPatterns(app: App): (string | undefined)[] {
  const patterns: (string | undefined)[] = [];
  for (let at = app; at.parent !== undefined && patterns.length < maxMounts; at = at.parent)
    patterns.unshift(pathPattern(at.mountpath));
  return patterns;
}

/** Express 5 has `router` (a getter of its own), 4 has `_router` and a `router` that throws. */
function stackOf(app: App): readonly Layer[] {
  const stack = Object.hasOwn(app, '_router') ? app._router?.stack : app.router?.stack;
  return Array.isArray(stack) ? (stack as readonly Layer[]) : [];
}

/** The layers under which a route is mounted, outermost first; `undefined` where it is not found, or twice. */
function mountsOf(stack: readonly Layer[], route: object): readonly Layer[] | undefined {
  const found: (readonly Layer[])[] = [];
  let looks = 0;
  const search = (layers: readonly Layer[], mounts: readonly Layer[]): void => {
    for (const layer of layers) {
      if (++looks > maxLayers || found.length > 1) return;
      if (layer.route === route) found.push(mounts);
      const inner = layer.handle?.stack;
      if (Array.isArray(inner) && mounts.length < maxDepth) search(inner as readonly Layer[], [...mounts, layer]);
    }
  };
  search(stack, []);
  return found.length === 1 ? found[0] : undefined;
}

function layerPattern({ rawPath, regexp, keys }: Layer): string | undefined {
  if (rawPath !== undefined) return pathPattern(rawPath);
  return regexp instanceof RegExp && Array.isArray(keys) ? patternOfRegExp(regexp, keys) : undefined;
}

const isStatic = (layer: Layer): boolean =>
  layerPattern(layer)?.includes(':') === false ||
  (typeof layer.params === 'object' && layer.params !== null && Object.keys(layer.params).length === 0);

const pathPattern = (path: unknown): string | undefined =>
  typeof path !== 'string' ? undefined : path === '/' ? '' : path;

/** Turns what Express 4 made of a path back into it: `^\/users(?:\/([^/]+?))\/?(?=\/|$)` with the key `uid` is `/users/:uid`. */
function patternOfRegExp({ source }: RegExp, keys: readonly { readonly name?: unknown }[]): string | undefined {
  let key = 0;
  const path = source
    .replace(/^\^/, '')
    .replace(/\\\/\?\(\?=\\\/\|\$\)$/, '')
    .replaceAll('(?:\\/([^/]+?))', () => `/:${String(keys[key++]?.name)}`)
    .replaceAll('\\/', '/')
    .replaceAll('\\.', '.');
  return key === keys.length && /^[\w\-./:~]*$/.test(path) ? path : undefined;
}
