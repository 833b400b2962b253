import type { Finding } from '../detect/finding.ts';
import type { Integration } from '../observe/integration.ts';
import type { AlertHandler } from '../telemetry/alerts/handler.ts';
import { begun, configHere, type Given, noHandle, type OutliveHandle, runsAlready } from './begin.ts';
import { checkOptions } from './config-options.ts';
import type { Options } from './config-table.ts';
import { nodeIsTooOld } from './node-version.ts';
import { OutliveError } from './outlive-error.ts';
import { onAlertByOption } from './on-alert.ts';
import { onPressureByOption, type PressureListener } from './on-pressure.ts';
import { runningEngine } from './running.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';
import { useByOption } from './use.ts';

export { type OutliveHandle, shutdown } from './begin.ts';

/** The options, and what only code can give. */
export type StartOptions = Options & {
  /** As `onPressure()`, until the shutdown. */
  readonly onPressure?: PressureListener | undefined;
  /** As `onAlert()`, until the shutdown. */
  readonly onAlert?: AlertHandler | undefined;
  /** As `use()`, until the shutdown. */
  readonly integrations?: readonly Integration[] | undefined;
};

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
  if (runsAlready()) {
    throw new OutliveError('OUTLIVE_ALREADY_STARTED', 'outlive runs already in this process', {
      remedy: 'Start it once: by `--import outlive/register`, or by start(), or as an OpenTelemetry instrumentation.',
    });
  }
  checkOptions(options);
  const config = configHere(options);
  return begun(config, 'next-turn', givenBegun({ onPressure, onAlert, integrations }));
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

type ByCode = Pick<StartOptions, 'onPressure' | 'onAlert' | 'integrations'>;

function givenBegun({ onPressure, onAlert, integrations }: ByCode): Given {
  const undos: (() => void)[] = [];
  const unlisten = (): void => {
    for (const undo of undos.splice(0)) undo();
  };
  try {
    if (onPressure !== undefined) undos.push(onPressureByOption(onPressure));
    if (onAlert !== undefined) undos.push(onAlertByOption(onAlert));
    const unuse = integrations === undefined ? () => {} : useByOption(integrations, start);
    return { unuse, unlisten };
  } catch (error) {
    unlisten();
    throw error;
  }
}
