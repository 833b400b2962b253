import type { Kind } from '../lifetime/kind.ts';
import { type HookGroup, hookGroups } from '../observe/hook.ts';
import { defaultOf } from './config-table.ts';
import type { Engine } from './engine.ts';
import type { Sweep } from '../detect/sweep.ts';
import type { BusyTime } from './busy-time.ts';

/** A stack of an app's depth (docs: runtime facts, Sites). */
const captureMs = 0.01;
/** Of an export by default. */
const exportIntervalMs = 60_000;
/** Each is timed when it is collected and when it is sent. */
const timesAnExport = 2;

interface HookCost {
  readonly kinds: readonly Kind[];
  /** For each opening, and for each scope whatever it opens: medians on Node 24, rounded up (docs/cost.md). */
  readonly openingMicros: number;
  readonly scopeMicros?: number;
}

const hookCosts: Readonly<Record<HookGroup, HookCost>> = {
  http: { kinds: ['http.request'], openingMicros: 1 },
  streams: { kinds: ['stream'], openingMicros: 0.3 },
  webStreams: { kinds: ['web_stream'], openingMicros: 2 },
  fetch: { kinds: ['http.response_body'], openingMicros: 2 },
  // a look at where it stands
  generators: { kinds: ['generator'], openingMicros: 25 },
  timers: { kinds: ['timer'], openingMicros: 0.3 },
  listeners: { kinds: [], openingMicros: 0, scopeMicros: 0.2 },
  clients: { kinds: ['client'], openingMicros: 1 },
  sockets: { kinds: ['socket', 'http.connection'], openingMicros: 0.5 },
  files: { kinds: ['file'], openingMicros: 1 },
  tasks: { kinds: ['task'], openingMicros: 1, scopeMicros: 0.1 },
  workers: { kinds: ['worker', 'process'], openingMicros: 1 },
};

/**
 * What outlive costs, in ms of CPU since its start. Sweeps and exports are measured, captures and hooks are counted and
 * weighed: to measure a hook would cost more than the hook.
 */
export class OwnCost {
  readonly #engine: Engine;
  readonly #sweep: Sweep;
  readonly #exporting: BusyTime;
  readonly #hooks = new Map<HookGroup, { ms: number; opened: number }>();
  #scopes = 0;
  #last: {
    readonly atMs: number;
    readonly sweepsMs: number;
    readonly eventsMs: number;
    readonly exportsMs: number;
    readonly exports: number;
  };

  constructor(engine: Engine, sweep: Sweep, exporting: BusyTime) {
    this.#engine = engine;
    this.#sweep = sweep;
    this.#exporting = exporting;
    this.#last = { atMs: engine.clock.nowMs(), sweepsMs: 0, eventsMs: 0, exportsMs: 0, exports: 0 };
  }

  totalMs(): number {
    return this.#sweep.busyMs + this.#exporting.ms + this.#perEventMs();
  }

  /**
   * What it took since the last call; sweeps and exports that the user asked for more often than the tier does count as if
   * they came at its pace.
   */
  takeAtDefaultPaceMs(): number {
    const { config, clock } = this.#engine;
    const now = { atMs: clock.nowMs(), sweepsMs: this.#sweep.busyMs, eventsMs: this.#perEventMs(), ...this.#exports() };
    const last = this.#last;
    this.#last = now;
    const sweepPace = Math.min(1, config.sweepIntervalMs / Number(defaultOf('sweepIntervalMs', config.tier)));
    const exportsDue = timesAnExport * Math.max((now.atMs - last.atMs) / exportIntervalMs, 1);
    const exportPace = Math.min(1, exportsDue / Math.max(now.exports - last.exports, 1));
    return (
      (now.sweepsMs - last.sweepsMs) * sweepPace +
      (now.exportsMs - last.exportsMs) * exportPace +
      (now.eventsMs - last.eventsMs)
    );
  }

  /** The groups that are attached, the costliest first. */
  byCost(): HookGroup[] {
    this.#addHooks();
    const msOf = (group: HookGroup): number => this.#hooks.get(group)?.ms ?? 0;
    return [...this.#engine.hooks.groups].toSorted((a, b) => msOf(b) - msOf(a));
  }

  kindsOf(group: HookGroup): readonly Kind[] {
    return hookCosts[group].kinds;
  }

  #exports() {
    return { exportsMs: this.#exporting.ms, exports: this.#exporting.count };
  }

  #perEventMs(): number {
    this.#addHooks();
    const hooksMs = [...this.#hooks.values()].reduce((sum, { ms }) => sum + ms, 0);
    return hooksMs + this.#engine.observer.captures * captureMs;
  }

  /** Adds what came since the last look; what is detached costs nothing, whatever runs. */
  #addHooks(): void {
    const { hooks, ledger } = this.#engine;
    const attached = hooks.groups;
    const scopes = ledger.scopeStats.total - this.#scopes;
    this.#scopes += scopes;
    for (const group of hookGroups) {
      const { kinds, openingMicros, scopeMicros = 0 } = hookCosts[group];
      const opened = kinds.reduce((sum, kind) => sum + ledger.tallyOf(kind).opened, 0);
      const before = this.#hooks.get(group) ?? { ms: 0, opened: 0 };
      const micros = (opened - before.opened) * openingMicros + (attached.has(group) ? scopes * scopeMicros : 0);
      this.#hooks.set(group, { ms: before.ms + micros / 1000, opened });
    }
  }
}
