import net from 'node:net';

const maxDepth = 3;
const maxLooks = 400;
const maxSockets = 8;

/**
 * The sockets that an object of the app holds, at most 3 fields deep. Own data fields only: no getter is run,
 * no Map or array of more than a few entries is walked, 400 looks in all.
 */
export function socketsWithin(root: object): net.Socket[] {
  const sockets: net.Socket[] = [];
  const seen = new Set<object>([root]);
  let looks = 0;
  let level: object[] = [root];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: object[] = [];
    for (const holder of level) {
      for (const key of Reflect.ownKeys(holder)) {
        if (++looks > maxLooks || sockets.length >= maxSockets) return sockets;
        const value: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
        if (typeof value !== 'object' || value === null || seen.has(value)) continue;
        seen.add(value);
        if (value instanceof net.Socket) sockets.push(value);
        else if (!ArrayBuffer.isView(value)) next.push(value);
      }
    }
    level = next;
  }
  return sockets;
}
