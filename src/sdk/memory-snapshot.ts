import type { PressureLevel } from '../detect/memory-pressure.ts';
import type { MemoryPool } from '../detect/memory-outlook.ts';
import type { Pattern, Rate } from '../detect/finding.ts';
import type { MemoryJudging } from './memory-judging.ts';

/** What is known of the memory of this process, in bytes. */
export interface MemorySnapshot {
  readonly rssBytes: number;
  /** What lived in the heap after the last major collection; `undefined` before the first. */
  readonly heapLiveBytes: number | undefined;
  /** Median of resident memory over the first window (`memoryBaselineMs`), or of an earlier run. */
  readonly baselineBytes: number | undefined;
  readonly samples: number;
  readonly pressure: PressureLevel;
  /** Growth that is established: of what lives in the heap, of what the process has resident; bytes an hour. */
  readonly growth: readonly {
    readonly pool: MemoryPool;
    readonly rate: Rate;
    readonly pattern: Pattern | undefined;
    readonly accelerationPerHour: number;
  }[];
  /** The limit that is reached first, in hours and with their 95 % interval; `undefined` where none is in sight. */
  readonly exhaustion:
    | { readonly source: string; readonly hours: number; readonly low: number; readonly high: number }
    | undefined;
}

export function memorySnapshotOf(judging: MemoryJudging): MemorySnapshot {
  const { rssBytes, heapFloor, baseline, outlook } = judging.facts();
  const { growth, exhaustion } = outlook;
  return {
    rssBytes,
    heapLiveBytes: heapFloor?.bytes,
    baselineBytes: baseline?.rssBytes,
    samples: judging.record.series.samples.length,
    pressure: judging.pressureLevel,
    growth: [...growth].map(([pool, { rate, pattern, accelerationPerHour }]) => ({
      pool,
      rate,
      pattern,
      accelerationPerHour,
    })),
    exhaustion: exhaustion && {
      source: exhaustion.limit.source,
      hours: exhaustion.hours,
      low: exhaustion.soonestHours,
      high: exhaustion.latestHours,
    },
  };
}
