import type { FindingCount } from '../detect/finding-counts.ts';
import type { Finding } from '../detect/finding.ts';
import type { Kind } from '../lifetime/kind.ts';
import type { RequestTimes } from '../lifetime/request-times.ts';
import type { Tally } from '../lifetime/tally.ts';

/**
 * All that the instruments ask. They ask when metrics are collected, in one go, and keep nothing of what they get: so
 * running totals may be plain integers, and what is `drain…` gives what came since the last call and forgets it.
 */
export interface Readings {
  /** Every kind's totals. A kind is told of once something of it was opened. */
  tallies(): Iterable<Tally>;
  scopesActive(): Iterable<readonly [name: string, count: number]>;
  queues(): Iterable<QueueReading>;
  /** The findings that stand. */
  findings(): Iterable<Finding>;
  findingCounts(): Iterable<FindingCount>;
  self(): SelfReading;
  phaseOf(kind: Kind): Phase;
  memory(): TelemetryMemory;
  /** Resident memory in bytes, one sample each memory interval; none in a worker thread. */
  drainRssSamplesBytes(): Iterable<number>;
  /** How long each sweep took, its slices together. */
  drainSweepDurationsS(): Iterable<number>;
  drainGcs(): Iterable<GcReading>;
  /** What the semantic conventions ask. Read only where `OUTLIVE_RUNTIME_METRICS` wants them. */
  runtime(): RuntimeReading;
  /** Requests under way and how long they took. */
  readonly requests: RequestTimes;
  /** Connections of the clients' pools. */
  pools(): Iterable<PoolReading>;
  /** Requests slower than their p99 that overlapped a major GC, a running total; `undefined` where nobody counts them. */
  slowRequestsInGc(): number | undefined;
}

export interface PoolReading {
  readonly name: string;
  readonly idle: number;
  readonly used: number;
}

export interface QueueReading {
  readonly name: string;
  readonly size: number;
  readonly capacity?: number | undefined;
  /** Running totals. */
  readonly enqueued?: number | undefined;
  readonly dequeued?: number | undefined;
  readonly oldestS?: number | undefined;
  readonly growthRatePerS: number;
  readonly memoryBytes?: number | undefined;
}

/** Before `judging`, nothing of that kind is accused; what is `detached` is not followed, for outlive cost too much. */
export type Phase = 'learning' | 'judging' | 'detached';
export const phasesInTurn: readonly Phase[] = ['learning', 'judging'];

export interface SelfReading {
  /** Share of one CPU. */
  readonly cpuUtilization: number;
  readonly memoryBytes: number;
  readonly sweeps: number;
  readonly samplingRatios: Iterable<readonly [hookGroup: string, ratio: number]>;
  /** Running totals. */
  readonly drops: Iterable<readonly [reason: string, count: number]>;
}

export interface TelemetryMemory {
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly heapLimitBytes: number;
  readonly externalBytes: number;
  readonly arrayBuffersBytes: number;
  readonly mallocedBytes: number;
  /** After the last major GC; `undefined` before the first. */
  readonly heapLiveBytes: number | undefined;
  readonly spaces: Iterable<{ readonly name: string; readonly usedBytes: number; readonly committedBytes: number }>;
  readonly limits: Iterable<{ readonly source: string; readonly bytes: number }>;
  readonly pressureRatio: number | undefined;
  readonly oomKills: number | undefined;
  /** Whether figures of the whole process are told here: in the main thread. */
  readonly ofProcess: boolean;
  readonly growth: MemoryGrowth | undefined;
}

/** Told only while it is established. */
export interface MemoryGrowth {
  readonly bytesPerS: number;
  /** 1 / hours to the nearest limit. */
  readonly exhaustionPerHour: number;
}

export interface GcReading {
  readonly type: 'minor' | 'major' | 'incremental' | 'weakcb';
  readonly durationMs: number;
}

export interface RuntimeReading {
  readonly eventLoop: {
    readonly delay: {
      readonly minS: number;
      readonly maxS: number;
      readonly meanS: number;
      readonly stddevS: number;
      readonly p50S: number;
      readonly p90S: number;
      readonly p99S: number;
    };
    readonly activeS: number;
    readonly idleS: number;
    readonly utilizationRatio: number;
  };
  readonly activeResources: Iterable<readonly [type: string, count: number]>;
  /** In the main thread only, so that no thread repeats it. */
  readonly process:
    | {
        readonly cpu: {
          readonly userS: number;
          readonly systemS: number;
          readonly userRatio: number;
          readonly systemRatio: number;
        };
        readonly virtualBytes: number | undefined;
        readonly openDescriptors: number | undefined;
      }
    | undefined;
}
