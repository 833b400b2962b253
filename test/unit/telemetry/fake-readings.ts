import type { FindingCount } from '../../../src/detect/finding-counts.ts';
import type { Finding } from '../../../src/detect/finding.ts';
import { type Kind, kinds } from '../../../src/lifetime/kind.ts';
import { RequestTimes } from '../../../src/lifetime/request-times.ts';
import { Tally } from '../../../src/lifetime/tally.ts';
import type {
  Phase,
  PoolReading,
  QueueReading,
  Readings,
  RuntimeReading,
  TelemetryMemory,
} from '../../../src/telemetry/readings.ts';

/** Readings that a test fills as it likes. Nothing of them is empty at first but the names that an app gives. */
export class FakeReadings implements Readings {
  readonly kinds = new Map<Kind, Tally>();
  scopes: (readonly [string, number])[] = [];
  watched: QueueReading[] = [];
  standing: Finding[] = [];
  counts: FindingCount[] = [];
  judging = new Set<Kind>();
  detached = new Set<Kind>();
  samplingRatios: (readonly [string, number])[] = [['streams', 0.25]];
  drops: (readonly [string, number])[] = [['full', 0]];
  sweeps = 0;
  rssSamplesBytes: number[] = [];
  sweepDurationsS: number[] = [];
  gcs: { type: 'minor' | 'major' | 'incremental' | 'weakcb'; durationMs: number }[] = [];
  slowRequests: number | undefined = 0;
  ofMemory: Partial<TelemetryMemory> = {};
  ofPools: PoolReading[] = [{ name: 'db', idle: 3, used: 2 }];
  nowMs = 0;
  readonly requests = new RequestTimes(() => this.nowMs);

  /** A kind of which something was opened. */
  tally(kind: Kind, fill: Partial<Pick<Tally, CountName>> = {}): Tally {
    let tally = this.kinds.get(kind);
    if (tally === undefined) this.kinds.set(kind, (tally = new Tally(kind)));
    return Object.assign(tally, { opened: 1 }, fill);
  }

  /** A request that has ended. */
  request(name: string, status: number, ms: number): void {
    const active = this.requests.activeOf(`${name.split(' ', 1)[0]} *`, false);
    const startedMs = this.requests.begin(active);
    this.nowMs += ms;
    this.requests.end(active, startedMs, { name, status, finished: true });
  }

  /** All kinds, with every sort of end and finding. */
  everyKind(): void {
    for (const kind of kinds) {
      const tally = this.tally(kind, { opened: 10, released: 2, errored: 1, abandoned: 1, bufferedBytes: 5 });
      Object.assign(tally, { unreleasedLikely: 1, unreleasedCertain: 1 });
      tally.lifetimeSamplesS.push(0.5);
    }
  }

  tallies = (): Iterable<Tally> => this.kinds.values();
  scopesActive = (): Iterable<readonly [string, number]> => this.scopes;
  queues = (): Iterable<QueueReading> => this.watched;
  findings = (): Iterable<Finding> => this.standing;
  findingCounts = (): Iterable<FindingCount> => this.counts;
  phaseOf = (kind: Kind): Phase => {
    if (this.detached.has(kind)) return 'detached';
    return this.judging.has(kind) ? 'judging' : 'learning';
  };
  self = () => ({
    cpuUtilization: 0.001,
    memoryBytes: 1_000_000,
    sweeps: this.sweeps,
    samplingRatios: this.samplingRatios,
    drops: this.drops,
  });
  memory = (): TelemetryMemory => ({ ...someMemory, ...this.ofMemory });
  drainRssSamplesBytes = (): number[] => this.rssSamplesBytes.splice(0);
  drainSweepDurationsS = (): number[] => this.sweepDurationsS.splice(0);
  drainGcs = () => this.gcs.splice(0);
  runtime = (): RuntimeReading => someRuntime;
  pools = (): Iterable<PoolReading> => this.ofPools;
  slowRequestsInGc = (): number | undefined => this.slowRequests;
}

type CountName = 'opened' | 'released' | 'errored' | 'abandoned' | 'bufferedBytes';

const someMemory: TelemetryMemory = {
  rssBytes: 100_000_000,
  heapUsedBytes: 40_000_000,
  heapLimitBytes: 4_000_000_000,
  externalBytes: 5_000_000,
  arrayBuffersBytes: 4_000_000,
  mallocedBytes: 1_000_000,
  heapLiveBytes: 30_000_000,
  spaces: ['read_only_space', 'new_space', 'old_space', 'code_space', 'large_object_space', 'trusted_space'].map(
    (name) => ({ name, usedBytes: 3_000_000, committedBytes: 4_000_000 }),
  ),
  limits: [
    { source: 'v8', bytes: 4_000_000_000 },
    { source: 'host', bytes: 16_000_000_000 },
    { source: 'cgroup', bytes: 512_000_000 },
  ],
  pressureRatio: 0.02,
  oomKills: 0,
  ofProcess: true,
  growth: undefined,
};

const someRuntime: RuntimeReading = {
  eventLoop: {
    delay: { minS: 0, maxS: 0.2, meanS: 0.01, stddevS: 0.01, p50S: 0.001, p90S: 0.05, p99S: 0.1 },
    activeS: 10,
    idleS: 90,
    utilizationRatio: 0.1,
  },
  activeResources: ['TCPSocketWrap', 'TCPServerWrap', 'Timeout', 'PipeWrap', 'Immediate', 'FSReqPromise'].map(
    (type, at) => [type, 10 - at] as const,
  ),
  process: {
    cpu: { userS: 5, systemS: 1, userRatio: 0.05, systemRatio: 0.01 },
    virtualBytes: 1_000_000_000,
    openDescriptors: 25,
  },
};

/** A finding as a detector would have it. */
export const someFinding = (change: Partial<Finding> = {}): Finding => ({
  type: 'unreleased_stream',
  detector: 'outlived',
  certainty: 'likely',
  severity: 'warning',
  kind: 'stream',
  resourceType: 'fs.ReadStream',
  site: null,
  scopeName: 'GET /files/:id',
  count: 17,
  opened: 40,
  bytes: 65_536,
  oldestAgeMs: 90_000,
  rate: { value: 60, low: 41, high: 84 },
  pattern: 'linear',
  trace: undefined,
  advice: 'destroy the stream, or read it to its end',
  retainedBy: undefined,
  id: 'f1',
  state: 'raised',
  place: { file: 'src/files.js', line: 12, column: 9, fn: 'sendFile', text: '' },
  stack: 'at sendFile (src/files.js:12:9)\nat handle (src/app.js:3:1)',
  firstSeenMs: Date.UTC(2030, 0, 1),
  lastSeenMs: Date.UTC(2030, 0, 1),
  ...change,
});
