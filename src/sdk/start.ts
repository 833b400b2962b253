import type { Finding } from '../detect/finding.ts';
import { resolvedConfig } from './config.ts';
import type { Integration } from '../observe/integration.ts';
import type { AlertHandler } from '../telemetry/alerts/handler.ts';
import type { Options } from './config-table.ts';
import { Engine, type JudgesFrom } from './engine.ts';
import { groupsOf } from './hook-switches.ts';
import { nodeIsTooOld } from './node-version.ts';
import { OutliveError } from './outlive-error.ts';
import { onAlertByOption } from './on-alert.ts';
import { onPressureByOption, type PressureListener } from './on-pressure.ts';
import { otherCopyRuns, runningEngine, setRunning } from './running.ts';
import { beginWaitingWatches } from './watch.ts';
import { tellOnce } from './troubles.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';
import { attachUsed, detachUsed, useByOption } from './use.ts';

/** What `start()` returns: the running instrumentation. */
export interface OutliveHandle {
  /** Sends what was not sent yet; resolves when it is out or its time is up, never rejects. */
  flush(): Promise<void>;
  /** Switches hook groups while the app runs, in the words of the option `hooks`: `['-timers']`, `['http', 'streams']`, `['all']`. */
  setHooks(switches: NonNullable<Options['hooks']>): void;
  /** Flushes, detaches every hook and gives Node back as it was. Resolves nothing that stands. A second call does nothing. */
  shutdown(): Promise<void>;
}

const noHandle: OutliveHandle = { flush: async () => {}, setHooks: () => {}, shutdown: async () => {} };

/** The options, and what only code can give. */
export type StartOptions = Options & {
  /** As `onPressure()`, until the shutdown. */
  readonly onPressure?: PressureListener | undefined;
  /** As `onAlert()`, until the shutdown. */
  readonly onAlert?: AlertHandler | undefined;
  /** As `use()`, until the shutdown. */
  readonly integrations?: readonly Integration[] | undefined;
};

/** Ends what the options of `start()` began. */
let undoGiven = (): void => {};

/**
 * Starts outlive in this process: attaches its hooks, sweeps, detects and exports. `node --import outlive/register`
 * does the same before the app's first line, with the options of the environment.
 *
 * @throws OutliveError `OUTLIVE_BAD_OPTION` or `OUTLIVE_UNKNOWN_OPTION` for an option that breaks its rule,
 * `OUTLIVE_ALREADY_STARTED` where outlive runs already
 * @example
 * ```ts
 * import { start } from 'outlive';
 *
 * const outlive = start({ tier: 'development' });
 * process.once('SIGTERM', async () => {
 *   await outlive.shutdown();
 *   process.exit(0);
 * });
 * ```
 */
export function start({ onPressure, onAlert, integrations, ...options }: StartOptions = {}): OutliveHandle {
  if (nodeIsTooOld()) return noHandle;
  if (runningEngine() !== undefined || otherCopyRuns()) {
    throw new OutliveError('OUTLIVE_ALREADY_STARTED', 'outlive runs already in this process', {
      remedy: 'Start it once: by `--import outlive/register`, or by start(), or as an OpenTelemetry instrumentation.',
    });
  }
  const { config } = resolvedConfig({ options, env: process.env, folder: workingFolder(), warn });
  undoGiven = givenBegun({ onPressure, onAlert, integrations });
  return startWith(config, 'next-turn');
}

/** What `outlive/register` does: never throws, says in one line what it cannot do. */
export function startFromEnvironment(): OutliveHandle {
  if (nodeIsTooOld()) return noHandle;
  try {
    if (runningEngine() !== undefined || otherCopyRuns()) {
      warn('it runs already in this process: this second registration does nothing');
      return noHandle;
    }
    return startWith(resolvedConfig({ env: process.env, folder: workingFolder(), warn }).config, 'app-at-work');
  } catch (error) {
    warn(`it could not start and is off: ${String(error)}`);
    return noHandle;
  }
}

/**
 * Flushes, detaches every hook and gives Node back as it was. Without a start it does nothing.
 *
 * @example
 * ```ts
 * await shutdown();
 * ```
 */
export async function shutdown(): Promise<void> {
  const engine = runningEngine();
  if (engine === undefined) return;
  setRunning(undefined);
  undoGiven();
  detachUsed();
  await engine.stop();
}

/**
 * Sweeps once and sends what was not sent yet. Resolves when it is out or its time (`shutdownTimeoutMs`) is up; never rejects.
 *
 * @example
 * ```ts
 * await flush(); // before a serverless function freezes
 * ```
 */
export async function flush(): Promise<void> {
  await runningEngine()?.flush();
}

/**
 * The findings that stand now: raised, neither resolved nor retracted. Ages in ms, rates an hour.
 *
 * @example
 * ```ts
 * if (findings().some(({ certainty }) => certainty === 'certain')) process.exitCode = 1;
 * ```
 */
export function findings(): readonly Finding[] {
  return runningEngine()?.judging?.docket.standing() ?? [];
}

/**
 * Calls back whenever a finding is raised, told again, resolved or retracted (see `finding.state`). What the callback
 * throws is caught and told on stderr.
 *
 * @returns undoes it; usable with `using`
 * @example
 * ```ts
 * const off = onFinding(({ state, type, place }) => log.warn({ state, type, place }));
 * ```
 */
export function onFinding(listener: (finding: Finding) => void): Disposable & (() => void) {
  const off = runningEngine()?.onFinding(listener);
  const undo = (): void => off?.();
  return Object.assign(undo, { [Symbol.dispose]: undo });
}

/**
 * What is open at this moment, by kind and by the place that opened it: counts, and buffered bytes.
 *
 * @example
 * ```ts
 * console.table(snapshot().kinds.filter(({ open }) => open > 0));
 * ```
 */
export function snapshot(): Snapshot {
  return snapshotOf(runningEngine());
}

function startWith(config: Engine['config'], judgesFrom: JudgesFrom): OutliveHandle {
  if (config.tier === 'disabled') return noHandle;
  const engine = new Engine(config);
  engine.start(judgesFrom);
  setRunning(engine);
  attachUsed(engine);
  beginWaitingWatches();
  return {
    flush: () => engine.flush(),
    setHooks: (switches) => engine.setHooks(groupsOf(switches)),
    shutdown: async () => {
      if (runningEngine() === engine) await shutdown();
    },
  };
}

type Given = Pick<StartOptions, 'onPressure' | 'onAlert' | 'integrations'>;

/** @returns ends what was begun */
function givenBegun({ onPressure, onAlert, integrations }: Given): () => void {
  const undos: (() => void)[] = [];
  const undoAll = (): void => {
    for (const undo of undos.splice(0)) undo();
  };
  try {
    if (onPressure !== undefined) undos.push(onPressureByOption(onPressure));
    if (onAlert !== undefined) undos.push(onAlertByOption(onAlert));
    if (integrations !== undefined) undos.push(useByOption(integrations));
    return undoAll;
  } catch (error) {
    undoAll();
    throw error;
  }
}

function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

const warn = (message: string): void => tellOnce(message);
