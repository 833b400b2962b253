import type { Ledger } from '../lifetime/ledger.ts';

/** How many connections a pool has, and what it is called. */
export interface PoolState {
  readonly name: string;
  readonly idle: number;
  readonly used: number;
}

/** Fields in which pools keep their connections, all and idle ones: of pg, mysql2 and mysql, generic ones. */
const layouts: readonly (readonly [all: string, idle: string])[] = [
  ['_clients', '_idle'],
  ['_allConnections', '_freeConnections'],
  ['connections', 'freeConnections'],
];

const maxNameLength = 80;

/**
 * The pools of connections among the open clients, by what their own fields hold; nothing of theirs is called. The ledger
 * has them by WeakRef. To be asked when metrics are collected.
 */
export function poolsOf({ survivors }: Ledger): PoolState[] {
  const pools: PoolState[] = [];
  for (let slot = 0; slot < survivors.end; slot++) {
    if (survivors.origins[slot]?.type.kind !== 'client') continue;
    const client = survivors.refs[slot]?.deref();
    const state = client === undefined ? undefined : poolStateOf(client);
    if (state !== undefined) pools.push(state);
  }
  return pools;
}

/** `undefined` for what is no pool. */
export function poolStateOf(client: object): PoolState | undefined {
  for (const [allField, idleField] of layouts) {
    const [all, idle] = [lengthOf(ownField(client, allField)), lengthOf(ownField(client, idleField))];
    if (all !== undefined && idle !== undefined) return { name: nameOf(client), idle, used: Math.max(all - idle, 0) };
  }
  return undefined;
}

/** The convention's form for a pool that has no name: `server.address:server.port/db.namespace`. No user, no password. */
function nameOf(pool: object): string {
  const options = record(ownField(pool, 'options')) ?? record(ownField(pool, 'config'));
  const connection = record(options?.['connectionConfig']) ?? options ?? {};
  const [host, port, database] = ['host', 'port', 'database'].map((field) => text(connection[field]));
  const address = `${host ?? 'localhost'}${port === undefined ? '' : `:${port}`}`;
  return `${address}${database === undefined ? '' : `/${database}`}`.slice(0, maxNameLength);
}

/** Without running a getter of the app. */
const ownField = (thing: object, field: string): unknown => Object.getOwnPropertyDescriptor(thing, field)?.value;

const record = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;

const text = (value: unknown): string | undefined =>
  (typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value)) || typeof value === 'number' ? String(value) : undefined;

/** Of an array, or of a queue that knows its length. */
function lengthOf(list: unknown): number | undefined {
  const { length } = record(list) ?? {};
  return typeof length === 'number' && Number.isFinite(length) ? length : undefined;
}
