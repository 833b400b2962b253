import { resolvedConfig } from './config.ts';
import type { Config, Options } from './config-table.ts';
import { Engine, type JudgesFrom } from './engine.ts';
import { groupsOf } from './hook-switches.ts';
import { nodeIsTooOld } from './node-version.ts';
import { otherCopyRuns, runningEngine, setRunning } from './running.ts';
import { tellOnce } from './troubles.ts';
import { attachUsed, detachUsed } from './used.ts';
import { beginWaitingWatches } from './waiting-watches.ts';

/** What `start()` returns: the running instrumentation. */
export interface OutliveHandle {
  /** Sends what was not sent yet; resolves when it is out or its time is up, never rejects. */
  flush(): Promise<void>;
  /** Switches hook groups while the app runs, in the words of the option `hooks`: `['-timers']`, `['http', 'streams']`, `['all']`. */
  setHooks(switches: NonNullable<Options['hooks']>): void;
  /** Flushes, detaches every hook and gives Node back as it was. Resolves nothing that stands. A second call does nothing. */
  shutdown(): Promise<void>;
}

export const noHandle: OutliveHandle = { flush: async () => {}, setHooks: () => {}, shutdown: async () => {} };

/** What the options of `start()` began. */
export interface Given {
  /** Ends what is to be gone at once. */
  unuse(): void;
  /** Ends what hears of the last sweep too. */
  unlisten(): void;
}

const nothingGiven: Given = { unuse: () => {}, unlisten: () => {} };
let givenNow = nothingGiven;

/** What `outlive/register` does: never throws, says in one line what it cannot do. */
export function startFromEnvironment(): OutliveHandle {
  if (nodeIsTooOld()) return noHandle;
  try {
    if (runsAlready()) {
      tellOnce('it runs already in this process: this second registration does nothing');
      return noHandle;
    }
    return begun(configHere(), 'app-at-work');
  } catch (error) {
    tellOnce(`it could not start and is off: ${String(error)}`);
    return noHandle;
  }
}

export const runsAlready = (): boolean => runningEngine() !== undefined || otherCopyRuns();

/** The configuration of this process: of the environment, the options, the file. */
export const configHere = (options?: Options): Config =>
  resolvedConfig({ options, env: process.env, folder: workingFolder(), warn: (message) => tellOnce(message) }).config;

/** @param given is ended at the shutdown, or at once where outlive is disabled */
export function begun(config: Config, judgesFrom: JudgesFrom, given = nothingGiven): OutliveHandle {
  if (config.tier === 'disabled') {
    given.unuse();
    given.unlisten();
    return noHandle;
  }
  const engine = new Engine(config);
  engine.start(judgesFrom);
  givenNow = given;
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
  const given = givenNow;
  givenNow = nothingGiven;
  setRunning(undefined);
  given.unuse();
  detachUsed();
  try {
    await engine.stop();
  } finally {
    given.unlisten();
  }
}

function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
