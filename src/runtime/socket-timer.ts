import { util } from './builtins.ts';

/**
 * Whether the timer of a socket carries `store` as its async context. An HTTP server makes that timer anew in each request,
 * for the idle time that follows it, so a connection holds the context of its last request: while it is idle, and as
 * long thing holds the socket after that. Node 22 keeps the store on the timer, from 24 on it is in a frame, which is
 * a Map, though not by its prototype.
 *
 * @param socket a `net.Socket`; of anything else it is `false`
 * @param storeOf the store of an async resource, where it is kept by its id and not on the resource
 */
export function timerHolds(socket: object, store: object, storeOf?: (asyncId: number) => unknown): boolean {
  const timer = symbolOf(socket, 'timeout');
  if (typeof timer !== 'object' || timer === null) return false;
  if (storeOf !== undefined) {
    const asyncId = symbolOf(timer, 'asyncId');
    return typeof asyncId === 'number' && storeOf(asyncId) === store;
  }
  return Object.getOwnPropertySymbols(timer).some((key) => carries(Reflect.get(timer, key), store));
}

const symbolOf = (thing: object, description: string): unknown => {
  const key = Object.getOwnPropertySymbols(thing).find((symbol) => symbol.description === description);
  return key === undefined ? undefined : Reflect.get(thing, key);
};

function carries(context: unknown, store: object): boolean {
  return context === store || (util.types.isMap(context) && valuesOf(context).includes(store));
}

const valuesOf = (map: Map<unknown, unknown>): unknown[] => [
  ...Map.prototype.values.call<typeof map, [], Iterable<unknown>>(map),
];
