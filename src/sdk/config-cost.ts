import type { Option } from './config-table.ts';

/** The options on what outlive and the garbage collector may cost: a part of the table of options. */
export const costOptionTable = {
  /**
   * What outlive may cost, in thousandths of a core: 5 are 0.5 %. Beyond it outlive looks at fewer things, then detaches
   * hook groups, and says so: docs/cost.md.
   */
  cpuBudgetMillicores: {
    env: 'OUTLIVE_CPU_BUDGET_MILLICORES',
    type: 'integer',
    min: 1,
    max: 1_000,
    unit: 'millicores',
    default: { production: 5, development: 50 },
  },
  /** From this share of the time in garbage collection on, for a minute, it is a warning. */
  gcWarningPercent: {
    env: 'OUTLIVE_GC_WARNING_PERCENT',
    type: 'integer',
    min: 1,
    max: 100,
    unit: '%',
    default: 20,
  },
  /** From this share of the time in garbage collection on, for a minute, it is critical. */
  gcCriticalPercent: {
    env: 'OUTLIVE_GC_CRITICAL_PERCENT',
    type: 'integer',
    min: 1,
    max: 100,
    unit: '%',
    default: 40,
  },
} as const satisfies Record<string, Option>;
