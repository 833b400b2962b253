import { findingTypes } from '../detect/finding.ts';
import type { HookGroup } from '../observe/hook.ts';
import { alertOptionTable } from './config-alerts.ts';
import { memoryOptionTable } from './config-memory.ts';
import { costOptionTable } from './config-cost.ts';
import type { Shape, ValueOf } from './config-shape.ts';
import { hookSwitches, hookSwitchRule } from './hook-switches.ts';

export const tiers = ['production', 'development', 'disabled'] as const;

/** How much outlive does: see the option `tier`. */
export type Tier = (typeof tiers)[number];

interface PerTier {
  readonly production: unknown;
  readonly development: unknown;
}

/** One option: what it must be, its environment variable, what holds without it. */
export type Option = Shape & { readonly env: `OUTLIVE_${string}`; readonly unit?: string; readonly default: unknown };

/** A finding to leave out, and why. */
export const ignoreRule = {
  type: 'record',
  fields: {
    /** The finding's id, as printed with it. */
    id: { type: 'text', maxLength: 256 },
    /** The finding's type, e.g. `lingering_timer`. */
    type: { type: 'choice', values: findingTypes },
    /** The place it names, or a part of it: `src/cache.js`, `src/cache.js:12`. */
    site: { type: 'text', maxLength: 1024 },
    /** The scope it names: `GET /orders/:id`. */
    scope: { type: 'text', maxLength: 256 },
    /** Why it is right to leave it out. */
    reason: { type: 'text', maxLength: 1024 },
    /** The day from which it is told again. */
    until: { type: 'date' },
  },
  required: ['reason'],
  anyOf: ['id', 'type', 'site', 'scope'],
} as const satisfies Shape;

/**
 * Every option there is. The types, the checks, the zod schema, the environment variables, the defaults and
 * docs/configuration.md come from here; the comments are what users read, in their editor and on that page.
 */
export const optionTable = {
  /**
   * What outlive is for in this process. `production` sweeps rarely, `development` often; `disabled` attaches nothing
   * and costs nothing.
   */
  tier: { env: 'OUTLIVE_TIER', type: 'choice', values: tiers, default: 'production' },
  /**
   * How often the open lifetimes are looked at. Every window, grace and deadline of lifetime detection is counted in
   * sweeps, so this one number rescales judgement.
   */
  sweepIntervalMs: {
    env: 'OUTLIVE_SWEEP_INTERVAL_MS',
    type: 'integer',
    min: 50,
    max: 3_600_000,
    unit: 'ms',
    default: { production: 10_000, development: 1_000 },
  },
  ...memoryOptionTable,
  ...costOptionTable,
  /** How long a finding may stand before it is told again as `updated`: the heartbeat of the finding event. */
  updateIntervalMs: {
    env: 'OUTLIVE_UPDATE_INTERVAL_MS',
    type: 'integer',
    min: 50,
    max: 86_400_000,
    unit: 'ms',
    default: { production: 60_000, development: 10_000 },
  },
  /** How many open lifetimes are followed at most. What comes beyond is not followed and counted as dropped. */
  maxOpen: {
    env: 'OUTLIVE_MAX_OPEN',
    type: 'integer',
    min: 1_000,
    max: 10_000_000,
    unit: 'lifetimes',
    default: 100_000,
  },
  /** How many findings stand at most. What comes beyond is counted as dropped. */
  maxFindings: { env: 'OUTLIVE_MAX_FINDINGS', type: 'integer', min: 1, max: 10_000, unit: 'findings', default: 200 },
  /**
   * How many false alarms the rules that judge by survival (`outlived`, `growth`) may raise in a month of this process, on
   * average over all it opens: the fewer, the more evidence each finding takes. A month is counted in sweeps, 262,800 of
   * them, as all judgement is.
   */
  alarmsPerServiceMonth: {
    env: 'OUTLIVE_ALARMS_PER_SERVICE_MONTH',
    type: 'number',
    min: 0.000_001,
    max: 1_000,
    unit: 'false alarms',
    default: 0.05,
  },
  /**
   * For the development of outlive only: multiplies the constants of the rules that judge lifetimes, listeners and work
   * that stays, so that the benches can show that the score hangs on none of them.
   */
  tuningFactor: { env: 'OUTLIVE_TUNING_FACTOR', type: 'number', min: 0.25, max: 4, default: 1 },
  /**
   * The line of the app is looked up for one in so many openings of a healthy type, and for each one of a type that is
   * under suspicion; at most 20 times a second by chance, 200 in all. `1` looks it up always, up to 200 times a second.
   */
  siteSampling: { env: 'OUTLIVE_SITE_SAMPLING', type: 'integer', min: 1, max: 65_536, unit: 'openings', default: 64 },
  /**
   * Whether the heap is sampled when what is left of it after major garbage collections grows and nothing that is told
   * already explains it. That names the function whose allocations stay; each look takes a full collection.
   */
  heapProfile: { env: 'OUTLIVE_HEAP_PROFILE', type: 'choice', values: ['on', 'off'], default: 'on' },
  /** A heap that uses more than this is not sampled: a look holds up the app for about 0.8 ms for each MB. */
  heapProfileMaxHeapMb: {
    env: 'OUTLIVE_HEAP_PROFILE_MAX_HEAP_MB',
    type: 'integer',
    min: 1,
    max: 65_536,
    unit: 'MB',
    default: 512,
  },
  /** How many looks, each a full collection, are taken in an hour at most. */
  heapProfileReadsPerHour: {
    env: 'OUTLIVE_HEAP_PROFILE_READS_PER_HOUR',
    type: 'integer',
    min: 1,
    max: 3_600,
    unit: 'looks',
    default: 12,
  },
  /**
   * What carries a scope over asynchronous calls. Take `cls-hooked` where the app uses cls-hooked already, so that it
   * keeps one mechanism; it costs about 900 ns for each `await`.
   */
  context: {
    env: 'OUTLIVE_CONTEXT',
    type: 'choice',
    values: ['async-local-storage', 'cls-hooked'],
    default: 'async-local-storage',
  },
  /**
   * Which groups of hooks are attached, read from left to right: a name switches one on, `-` and a name switches it
   * off, `all` and `none` do what they say. A list that begins with `-…` begins from all, any other from none.
   */
  hooks: {
    env: 'OUTLIVE_HOOKS',
    type: 'list',
    of: { type: 'choice', values: hookSwitches, rule: hookSwitchRule },
    maxItems: 64,
    default: ['all'],
  },
  /**
   * Whether outlive exports the `process.*`, `v8js.*`, `nodejs.*` and `http.server.*` metrics of the semantic
   * conventions. `auto`: only where outlive made the MeterProvider, so that no app reports them twice.
   */
  runtimeMetrics: {
    env: 'OUTLIVE_RUNTIME_METRICS',
    type: 'choice',
    values: ['auto', 'on', 'off'],
    default: 'auto',
  },
  /** Whether the line at start and the findings are printed on stderr as well. */
  stderr: { env: 'OUTLIVE_STDERR', type: 'choice', values: ['on', 'off'], default: 'on' },
  /**
   * Accusations to leave out: each names a finding by `id`, `type`, `site` or `scope` (all that are given must match),
   * gives the `reason` and may end by itself (`until`). They are counted, and one that has expired says so. The rules of
   * the environment, of the code and of the file add up.
   */
  ignore: { env: 'OUTLIVE_IGNORE', type: 'list', of: ignoreRule, maxItems: 1_000, default: [] },
  /** The folder whose code is the app's own. Found without it: the folder of the nearest package.json of the entry script. */
  appRoot: { env: 'OUTLIVE_APP_ROOT', type: 'text', maxLength: 4_096, default: undefined },
  /** How long the last export may take when the process ends. `0` does not wait for it. */
  shutdownTimeoutMs: {
    env: 'OUTLIVE_SHUTDOWN_TIMEOUT_MS',
    type: 'integer',
    min: 0,
    max: 60_000,
    unit: 'ms',
    default: 2_000,
  },
  ...alertOptionTable,
} as const satisfies Record<string, Option>;

type OptionTable = typeof optionTable;

export type OptionName = keyof OptionTable;

/** What `start()` and the config file take. Every option may be left out. */
export type Options = { readonly [K in OptionName]?: ValueOf<OptionTable[K]> | undefined };

interface Resolved {
  readonly hooks: ReadonlySet<HookGroup>;
  readonly appRoot: string | undefined;
  readonly memoryStateFile: string | undefined;
  readonly alertClaimFolder: string | undefined;
  readonly alertSlackUrl: string | undefined;
  readonly alertWebhookUrl: string | undefined;
  readonly alertWebhookSecret: string | undefined;
  readonly alertPagerdutyKey: string | undefined;
}

/** The options as they hold: every one present. */
export type Config = Resolved & { readonly [K in Exclude<OptionName, keyof Resolved>]: ValueOf<OptionTable[K]> };

export const optionNames = Object.keys(optionTable) as readonly OptionName[];

export const isOptionName = (name: string): name is OptionName => Object.hasOwn(optionTable, name);

const isPerTier = (value: unknown): value is PerTier =>
  typeof value === 'object' && value !== null && 'production' in value;

/** What holds where nobody says otherwise. The tier `disabled` has the defaults of `production`. */
export function defaultOf<K extends OptionName>(name: K, tier: Tier): Options[K] {
  const { default: value }: Option = optionTable[name];
  const held = isPerTier(value) ? value[tier === 'development' ? 'development' : 'production'] : value;
  return held as Options[K];
}
