import type { Connections } from '../lifetime/connections.ts';
import type { Origin } from '../lifetime/origin.ts';
import { windowSweeps } from '../lifetime/levels.ts';
import { WatchedQueue } from '../lifetime/queues.ts';
import type { Charge, Outcome } from './detector.ts';
import type { Rate } from './finding.ts';
import { recentGrowth, unendingGrowth } from './queue-growth.ts';

/** Sweeps over which reuse is looked at, and for which a limit must have been passed. */
const spanSweeps = 64;
/** Of so many requests in that time, nine in ten made a connection of their own, and so many wait for a next use. */
const minRequests = 64;
const minMadeShare = 0.9;
const minIdle = 16;
/** Sweeps without a new high after which sockets grow no more. */
const fullAfterSweeps = 128;

type Trouble = 'growing' | 'never used again' | 'above its limit';

/** One client with its sockets, sweep by sweep. Held weakly. */
export class FollowedClient {
  readonly #client: WeakRef<object>;
  readonly #origin: Origin;
  readonly #levels = new WatchedQueue('queue', 'sockets', null);
  #latest: Connections;
  #sweeps = 0;
  /** As of the begin of this span. */
  #before: Connections;
  #lowestIdle = Infinity;
  #lowestAbove = Infinity;
  #growing: { rate: Rate; high: number; highSweep: number; readonly from: number } | undefined;
  /** As of the last whole span. */
  #unused = false;
  #above = false;
  #trouble: Trouble | undefined;
  #sinceMs: number;
  #outcome: Outcome = 'resolved';

  constructor(client: object, origin: Origin, nowMs: number) {
    this.#client = new WeakRef(client);
    this.#origin = origin;
    this.#latest = this.#before = connectionsOf(client, origin);
    this.#sinceMs = nowMs;
  }

  /** @returns whether it is there still */
  look(sweep: number, nowMs: number): boolean {
    const client = this.#client.deref();
    if (!this.#origin.type.isWatched) return this.#leave('unwatched');
    if (client === undefined || this.#origin.type.probe.endOf(client) !== undefined) return this.#leave();
    this.#latest = connectionsOf(client, this.#origin);
    const { open, idle, limit = Infinity } = this.#latest;
    const { levels, drift } = this.#levels;
    levels.add(open, nowMs);
    drift.add(open, nowMs, levels.riseSweeps === 0);
    this.#lowestIdle = Math.min(this.#lowestIdle, idle);
    this.#lowestAbove = Math.min(this.#lowestAbove, open - limit);
    this.#grow(open, sweep);
    if (++this.#sweeps % spanSweeps === 0) this.#endSpan();
    this.#note(nowMs);
    return true;
  }

  charge(nowMs: number): Charge | undefined {
    if (this.#trouble === undefined) return undefined;
    const { type, site, scope } = this.#origin;
    const { open } = this.#latest;
    return {
      key: `sockets ${type.name} ${site?.id ?? ''}`,
      whenGone: () => this.#outcome,
      suspicion: {
        type: 'client_sockets',
        detector: this.#trouble === 'growing' ? 'growth' : 'threshold',
        certainty: 'likely',
        severity: 'info',
        kind: 'client',
        resourceType: type.name,
        site,
        scopeName: scope?.sort === 'process' ? undefined : scope?.name,
        count: 1,
        opened: 0,
        bytes: 0,
        sockets: open,
        oldestAgeMs: nowMs - this.#sinceMs,
        rate: this.#trouble === 'growing' ? this.#growing?.rate : undefined,
        pattern: this.#trouble === 'growing' ? 'linear' : undefined,
        trace: undefined,
        advice: adviceOf(this.#trouble, this.#latest),
        retainedBy: undefined,
      },
    };
  }

  #leave(outcome: Outcome = 'resolved'): false {
    this.#outcome = outcome;
    this.#trouble = undefined;
    return false;
  }

  #grow(open: number, sweep: number): void {
    const growing = this.#growing;
    if (growing === undefined) {
      if (this.#levels.levels.sweeps % windowSweeps !== 0) return;
      const rate = unendingGrowth(this.#levels);
      if (rate !== undefined) this.#growing = { rate, high: open, highSweep: sweep, from: open };
      return;
    }
    if (open > growing.high) {
      growing.high = open;
      growing.highSweep = sweep;
      growing.rate = recentGrowth(this.#levels) ?? growing.rate;
    }
    if (open <= growing.from / 2 || sweep - growing.highSweep >= fullAfterSweeps) this.#growing = undefined;
  }

  #endSpan(): void {
    const { keepsAlive, requests, made } = this.#latest;
    const [came, connected] = [requests - this.#before.requests, made - this.#before.made];
    this.#unused = keepsAlive && came >= minRequests && connected >= minMadeShare * came && this.#lowestIdle >= minIdle;
    this.#above = this.#lowestAbove > 0;
    this.#before = this.#latest;
    this.#lowestIdle = this.#lowestAbove = Infinity;
  }

  #note(nowMs: number): void {
    const trouble = this.#troubleNow();
    if (trouble !== undefined && this.#trouble === undefined) this.#sinceMs = nowMs;
    this.#trouble = trouble;
  }

  #troubleNow(): Trouble | undefined {
    if (this.#unused) return 'never used again';
    if (this.#growing !== undefined) return 'growing';
    return this.#above ? 'above its limit' : undefined;
  }
}

const noConnections: Connections = { open: 0, idle: 0, limit: undefined, keepsAlive: false, requests: 0, made: 0 };

const connectionsOf = (client: object, { type }: Origin): Connections =>
  type.probe.connectionsOf?.(client) ?? noConnections;

function adviceOf(trouble: Trouble, connections: Connections): string {
  const { open, idle, limit } = connections;
  switch (trouble) {
    case 'growing':
      return idle > open / 2
        ? `${idle} of them are idle: let it drop those (\`timeout\`, \`maxFreeSockets\`)`
        : `${open - idle} of them are at work: end, or read to its end, what goes over them${limitAdviceOf(connections)}`;
    case 'never used again':
      return `${idle} are kept and idle, and each request connects anew: ask with the same host, port, \`localAddress\` and TLS options, or turn \`keepAlive\` off`;
    case 'above its limit':
      return `its limit is ${limit}: look for what makes connections past it`;
  }
}

function limitAdviceOf({ limit, limitPerHost }: Connections): string {
  if (limit !== undefined) return '';
  return limitPerHost === undefined
    ? ', and set a limit (`maxSockets`, `max`, `connections`)'
    : `; \`maxSockets\` of ${limitPerHost} bounds each host, \`maxTotalSockets\` would bound them all`;
}
