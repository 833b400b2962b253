import type { Socket } from 'node:net';
import { net, util } from '../../runtime/builtins.ts';

const maxDepth = 3;
const maxLooks = 1500;
const maxSockets = 8;

/** What was found, and whether the object is too large to be searched again. */
export interface Search {
  readonly sockets: Socket[];
  readonly tooLarge: boolean;
}

/**
 * The client sockets that an object of the app holds, at most 3 objects deep; plain objects, arrays and Maps between
 * them do not count (an agent's map of pools, a pool's list of clients). Data fields only: no getter is run; 1,500 looks in
 * all. Sockets that a server accepted are nobody's client: a client may well hold the request that it was made for.
 */
export function socketsWithin(root: object): Search {
  const walk: Walk = { sockets: [], seen: new Set<object>([root]), looks: 0 };
  let level: object[] = [root];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: object[] = [];
    for (const holder of level) look(holder, walk, next);
    level = next;
  }
  return { sockets: walk.sockets, tooLarge: walk.looks > maxLooks };
}

interface Walk {
  readonly sockets: Socket[];
  readonly seen: Set<object>;
  looks: number;
}

function look(holder: object, walk: Walk, next: object[]): void {
  for (const value of valuesOf(holder)) {
    if (++walk.looks > maxLooks || walk.sockets.length >= maxSockets) return;
    // a Proxy would run code of the app
    if (typeof value !== 'object' || value === null || walk.seen.has(value) || util.types.isProxy(value)) continue;
    walk.seen.add(value);
    if (value instanceof net.Socket) {
      if (!isAccepted(value)) walk.sockets.push(value);
    } else if (isContainer(value)) look(value, walk, next);
    else if (!ArrayBuffer.isView(value)) next.push(value);
  }
}

/** Lazily where Node can: the names of an array's million elements alone would take 0.8 s. */
function* valuesOf(holder: object): Iterable<unknown> {
  if (holder instanceof Map) yield* Map.prototype.values.call(holder);
  const keys = Array.isArray(holder) ? Array(Math.min(holder.length, maxLooks + 1)).keys() : Reflect.ownKeys(holder);
  for (const key of keys) yield Object.getOwnPropertyDescriptor(holder, key)?.value;
}

function isContainer(value: object): boolean {
  if (Array.isArray(value) || value instanceof Map) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const isAccepted = (socket: Socket): boolean => Boolean((socket as { readonly server?: unknown }).server);
