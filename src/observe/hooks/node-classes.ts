import { events, http } from '../../runtime/builtins.ts';

/**
 * Classes of modules that outlive does not load, for they cost up to 19 ms of CPU: whoever has an instance has loaded them.
 * Told by their shape: the module itself exports nothing yet where it makes an instance while it loads, as `node:https` does.
 */
export type IsClass = (prototype: object) => boolean;

export const isWorker: IsClass = (prototype) => isEmitterOf(prototype, 'Worker', ['postMessage', 'threadId']);
export const isChildProcess: IsClass = (prototype) => isEmitterOf(prototype, 'ChildProcess', ['spawn', 'kill']);
/** What undici makes for each `fetch`, the package as much as Node: the body that it fetches has a lifetime. */
export const isFetch: IsClass = (prototype) => isEmitterOf(prototype, 'Fetch', ['abort', 'terminate']);
export const isZlib: IsClass = (prototype) => isNamed(prototype, 'ZlibBase', ['_processChunk', 'reset']);
export const isHttpsAgent: IsClass = (prototype) =>
  isNamed(prototype, 'Agent', ['_cacheSession', '_evictSession']) &&
  Object.getPrototypeOf(prototype) === http.Agent.prototype;
export const isHttpsServer: IsClass = (prototype) =>
  isNamed(prototype, 'Server', []) &&
  prototype !== http.Server.prototype &&
  dataOf(prototype, 'closeAllConnections') === http.Server.prototype.closeAllConnections;

/** What a prototype has of such a class: itself or the one that it inherits from. */
export function classWithin(prototype: object, isClass: IsClass): object | undefined {
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null)
    if (isClass(at)) return at;
  return undefined;
}

/** The constructor's name of a prototype, read without running any code of the app. */
export function constructorNameOf(prototype: object): string {
  const constructor = dataOf(prototype, 'constructor');
  const name = typeof constructor === 'function' ? dataOf(constructor, 'name') : undefined;
  return typeof name === 'string' ? name.slice(0, 80) : '';
}

const isNamed = (prototype: object, name: string, own: readonly string[]): boolean =>
  constructorNameOf(prototype) === name && own.every((key) => Object.hasOwn(prototype, key));

const isEmitterOf = (prototype: object, name: string, own: readonly string[]): boolean =>
  isNamed(prototype, name, own) && Object.getPrototypeOf(prototype) === events.EventEmitter.prototype;

const dataOf = (thing: object, key: string): unknown => Object.getOwnPropertyDescriptor(thing, key)?.value;
