import { type AppName, appOf } from './apps.ts';
import { type Interval, intervalOf, quantileOf, ratioIntervalOf } from '../interval.ts';
import { Server } from './server.ts';
import type { SetupName } from './setups.ts';
import type { Surroundings } from './surroundings.ts';

/** What one set-up costs an app, against bare Node in the same rounds. */
export interface RequestFigures {
  readonly node: string;
  readonly app: AppName;
  readonly setup: SetupName;
  readonly cpuUs: number;
  readonly p99Ms: number;
  readonly rssMb: number;
  /** Against bare, pair by pair; `undefined` for bare itself. */
  readonly against:
    | {
        readonly cpuRatio: Interval;
        readonly addedCpuUs: Interval;
        readonly p99Ratio: Interval;
        readonly addedRssMb: Interval;
      }
    | undefined;
}

interface Options {
  readonly binary: string;
  readonly flags: readonly string[];
  readonly node: string;
  readonly app: AppName;
  readonly setups: readonly SetupName[];
  readonly pairs: number;
  readonly requests: number;
  readonly surroundings: Surroundings;
}

/** One set-up in one round. */
interface Sample {
  readonly cpuUs: number;
  readonly p99Ms: number;
  readonly rssMb: number;
}

/** A round's requests come in so many turns, the servers taking turns: a noisy neighbour hits all of them alike. */
const turns = 10;

const meanOf = (samples: readonly number[]): number => samples.reduce((sum, x) => sum + x, 0) / samples.length;

const measureRound = async (servers: readonly Server[], requests: number): Promise<Map<SetupName, Sample>> => {
  const perTurn = Math.ceil(requests / turns);
  const seen = servers.map((server) => ({ server, cpuUs: [] as number[], latenciesMs: [] as number[] }));
  for (const server of servers) await server.serve(requests);
  for (let turn = 0; turn < turns; turn++) {
    for (const { server, cpuUs, latenciesMs } of turn % 2 === 0 ? seen : seen.toReversed()) {
      const before = await server.read();
      latenciesMs.push(...(await server.serve(perTurn)));
      cpuUs.push(((await server.read()).cpuUs - before.cpuUs) / perTurn);
    }
  }
  const samples = new Map<SetupName, Sample>();
  for (const { server, cpuUs, latenciesMs } of seen) {
    const rssMb = (await server.read()).rssBytes / 2 ** 20;
    samples.set(server.setup, { cpuUs: quantileOf(cpuUs, 0.5), p99Ms: quantileOf(latenciesMs, 0.99), rssMb });
  }
  return samples;
};

const againstBare = (own: readonly Sample[], bare: readonly Sample[]): RequestFigures['against'] => {
  const pairs = own.flatMap((sample, i) => {
    const other = bare[i];
    return other === undefined ? [] : [{ sample, other }];
  });
  return {
    cpuRatio: ratioIntervalOf(pairs.map(({ sample, other }) => sample.cpuUs / other.cpuUs)),
    addedCpuUs: intervalOf(pairs.map(({ sample, other }) => sample.cpuUs - other.cpuUs)),
    p99Ratio: ratioIntervalOf(pairs.map(({ sample, other }) => sample.p99Ms / other.p99Ms)),
    addedRssMb: intervalOf(pairs.map(({ sample, other }) => sample.rssMb - other.rssMb)),
  };
};

export const measureRequests = async (options: Options): Promise<RequestFigures[]> => {
  const { binary, flags, node, app, pairs, surroundings } = options;
  const { percent, also = [] } = appOf(app);
  const requests = Math.ceil((options.requests * percent) / 100);
  const ofOutlive = options.setups.includes('outlive') ? also : [];
  const names: SetupName[] = [...new Set(['bare', ...options.setups, ...ofOutlive])];
  const samples = new Map<SetupName, Sample[]>(names.map((name) => [name, []]));
  for (let round = 0; round < pairs; round++) {
    const order = names.map((_, i) => names[(i + round) % names.length]).filter((name) => name !== undefined);
    const servers = await Promise.all(order.map((setup) => Server.start({ binary, flags, app, setup, surroundings })));
    for (const [setup, sample] of await measureRound(servers, requests)) samples.get(setup)?.push(sample);
    await Promise.all(servers.map((server) => server.stop()));
  }
  const bare = samples.get('bare') ?? [];
  return [...samples].map(([setup, own]) => ({
    node,
    app,
    setup,
    cpuUs: meanOf(own.map(({ cpuUs }) => cpuUs)),
    p99Ms: meanOf(own.map(({ p99Ms }) => p99Ms)),
    rssMb: meanOf(own.map(({ rssMb }) => rssMb)),
    against: setup === 'bare' ? undefined : againstBare(own, bare),
  }));
};
