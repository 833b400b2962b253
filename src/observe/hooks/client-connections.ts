import type { Socket } from 'node:net';
import type { Connections } from '../../lifetime/connections.ts';
import { http } from '../../runtime/builtins.ts';
import { poolStateOf } from '../pools.ts';

/** What was counted of a client's requests. */
export interface Requests {
  readonly uses: number;
  readonly connects: number;
}

/**
 * The connections of a client, by its own data fields; nothing of it is called. An agent's and a pool's are all counted, of
 * another client those that were found in it.
 */
export function connectionsOf(client: object, found: readonly Socket[], { uses, connects }: Requests): Connections {
  const counted = { requests: uses, made: connects };
  if (client instanceof http.Agent) {
    const [busy, idle] = [countIn(field(client, 'sockets')), countIn(field(client, 'freeSockets'))];
    const keepsAlive = field(client, 'keepAlive') === true;
    const limitPerHost = finite(field(client, 'maxSockets'));
    return { ...counted, open: busy + idle, idle, limit: limitOfAgent(client), limitPerHost, keepsAlive };
  }
  const pool = poolStateOf(client);
  if (pool !== undefined) {
    const { idle, used } = pool;
    return { ...counted, open: idle + used, idle, limit: limitOfPool(client), keepsAlive: true };
  }
  const open = found.filter((socket) => !socket.destroyed).length;
  return { ...counted, open, idle: 0, limit: undefined, keepsAlive: false };
}

/** Agents and pools close a socket that is idle and open another: that it has none is not their end. */
export const replacesSockets = (client: object): boolean =>
  client instanceof http.Agent || poolStateOf(client) !== undefined;

/** Of all hosts together; what each host may have is no limit on the whole. */
const limitOfAgent = (agent: object): number | undefined => finite(field(agent, 'maxTotalSockets'));

function limitOfPool(pool: object): number | undefined {
  for (const options of [field(pool, 'options'), field(pool, 'config')]) {
    if (typeof options !== 'object' || options === null) continue;
    const limit = finite(field(options, 'max')) ?? finite(field(options, 'connectionLimit'));
    if (limit !== undefined) return limit;
  }
  return undefined;
}

/** An agent has a list for each host. */
function countIn(lists: unknown): number {
  let sum = 0;
  if (typeof lists === 'object' && lists !== null) {
    for (const list of Object.values(lists)) if (Array.isArray(list)) sum += list.length;
  }
  return sum;
}

const field = (thing: object, name: string): unknown => Object.getOwnPropertyDescriptor(thing, name)?.value;

const finite = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
