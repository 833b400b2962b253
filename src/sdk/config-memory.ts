import type { Option } from './config-table.ts';

/** The options on memory: a part of the table of options. */
export const memoryOptionTable = {
  /** How often memory is read. Major garbage collections add readings of their own. */
  memoryIntervalMs: {
    env: 'OUTLIVE_MEMORY_INTERVAL_MS',
    type: 'integer',
    min: 50,
    max: 3_600_000,
    unit: 'ms',
    default: { production: 60_000, development: 10_000 },
  },
  /** The window whose median is the baseline, and for how long growth must go on before it counts. */
  memoryBaselineMs: {
    env: 'OUTLIVE_MEMORY_BASELINE_MS',
    type: 'integer',
    min: 1_000,
    max: 86_400_000,
    unit: 'ms',
    default: { production: 300_000, development: 60_000 },
  },
  /**
   * A file that keeps the baseline and what memory is usual over restarts: figures only. Read once at start, written at most
   * every five minutes and at the end. One file for each kind of process.
   */
  memoryStateFile: { env: 'OUTLIVE_MEMORY_STATE_FILE', type: 'text', maxLength: 4_096, default: undefined },
  /**
   * Which figures make a finding worse than `info`. A share of a limit (cgroup, V8's heap, host) and the time until it is
   * full always do. `absolute`: also `memoryWarningMb` and those that follow it. `learned`: also what is far above what this
   * process usually has (p99 of its own samples and half of its distance from the median on top; after 240 samples).
   */
  memoryThresholds: {
    env: 'OUTLIVE_MEMORY_THRESHOLDS',
    type: 'choice',
    values: ['limit', 'absolute', 'learned'],
    default: 'limit',
  },
  /** From this share of a limit on memory is a warning. */
  memoryLimitWarningPercent: {
    env: 'OUTLIVE_MEMORY_LIMIT_WARNING_PERCENT',
    type: 'integer',
    min: 1,
    max: 100,
    unit: '%',
    default: 80,
  },
  /** From this share of a limit on memory is critical. */
  memoryLimitCriticalPercent: {
    env: 'OUTLIVE_MEMORY_LIMIT_CRITICAL_PERCENT',
    type: 'integer',
    min: 1,
    max: 100,
    unit: '%',
    default: 90,
  },
  /** Growth that fills a limit within so long is a warning. */
  memoryExhaustionWarningMinutes: {
    env: 'OUTLIVE_MEMORY_EXHAUSTION_WARNING_MINUTES',
    type: 'integer',
    min: 1,
    max: 525_600,
    unit: 'min',
    default: 1_440,
  },
  /** Growth that fills a limit within so long is critical. */
  memoryExhaustionCriticalMinutes: {
    env: 'OUTLIVE_MEMORY_EXHAUSTION_CRITICAL_MINUTES',
    type: 'integer',
    min: 1,
    max: 525_600,
    unit: 'min',
    default: 60,
  },
  /** So much over the baseline is a warning where `memoryThresholds` is `absolute`, else `info`. */
  memoryWarningMb: {
    env: 'OUTLIVE_MEMORY_WARNING_MB',
    type: 'integer',
    min: 1,
    max: 10_000_000,
    unit: 'MB',
    default: 256,
  },
  /** So much over the baseline is critical where `memoryThresholds` is `absolute`, else `info`. */
  memoryCriticalMb: {
    env: 'OUTLIVE_MEMORY_CRITICAL_MB',
    type: 'integer',
    min: 1,
    max: 10_000_000,
    unit: 'MB',
    default: 512,
  },
  /** Growth that fast is a warning where `memoryThresholds` is `absolute`, else `info`. */
  memoryGrowthWarningMbPerHour: {
    env: 'OUTLIVE_MEMORY_GROWTH_WARNING_MB_PER_HOUR',
    type: 'integer',
    min: 1,
    max: 10_000_000,
    unit: 'MB/h',
    default: { production: 50, development: 10 },
  },
  /** Growth that fast is critical where `memoryThresholds` is `absolute`, else `info`. */
  memoryGrowthCriticalMbPerHour: {
    env: 'OUTLIVE_MEMORY_GROWTH_CRITICAL_MB_PER_HOUR',
    type: 'integer',
    min: 1,
    max: 10_000_000,
    unit: 'MB/h',
    default: 100,
  },
} as const satisfies Record<string, Option>;
