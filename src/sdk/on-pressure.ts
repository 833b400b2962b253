import type { PressureLevel } from '../detect/memory-pressure.ts';
import { brokenRule } from './outlive-error.ts';

/** The memory pressure that a process is under, when its level has changed. */
export interface Pressure {
  /**
   * `high`: tasks stall on memory for a tenth of the time, or a limit is taken to 80 %. `critical`: two fifths, 90 %, or
   * the kernel has killed a process of the group. It falls again when it was calm for three sweeps.
   */
  readonly level: PressureLevel;
  readonly before: PressureLevel;
  /** Share of the last 10 s in which a task stood still for want of memory, 0 to 1; on Linux where it is counted. */
  readonly stalledRatio: number | undefined;
  /** Share of the nearest limit (cgroup, V8's heap, host) that is taken, 0 to 1; V8's heap counts as full at 90 %. */
  readonly usedRatio: number;
  readonly rssBytes: number;
}

export type PressureListener = (pressure: Pressure) => unknown;

const listeners = new Set<PressureListener>();
const maxListeners = 100;

export const pressureListeners = (): Iterable<PressureListener> => [...listeners];

/**
 * Calls back whenever the level of memory pressure changes, at most once a sweep: to refuse work, shrink a cache or take
 * smaller batches before the kernel or V8 ends the process. It may be called before outlive starts. What the callback
 * throws, or rejects with, is caught and told on stderr.
 *
 * @throws OutliveError `OUTLIVE_BAD_ARGUMENT` where the listener is no function, or the 101st
 * @returns undoes it; usable with `using`
 * @example
 * ```ts
 * import { onPressure } from 'outlive';
 *
 * onPressure(({ level }) => {
 *   batcher.maxItems = level === 'normal' ? 2_000 : level === 'high' ? 500 : 50;
 * });
 * ```
 */
export function onPressure(listener: PressureListener): Disposable & (() => void) {
  return listen(listener, { path: 'listener', code: 'OUTLIVE_BAD_ARGUMENT' });
}

/** The option of `start()` of the same name. */
export const onPressureByOption = (listener: PressureListener): (() => void) =>
  listen(listener, { path: 'onPressure', code: 'OUTLIVE_BAD_OPTION' });

interface Asked {
  readonly path: string;
  readonly code: 'OUTLIVE_BAD_ARGUMENT' | 'OUTLIVE_BAD_OPTION';
}

function listen(listener: PressureListener, { path, code }: Asked): Disposable & (() => void) {
  const rule = `a function, at most ${maxListeners} at a time`;
  if (typeof listener !== 'function' || listeners.size >= maxListeners) {
    throw brokenRule(code, { path, rule, value: listener }, 'E.g. ({ level }) => { busy = level !== "normal"; }.');
  }
  // a function of its own, so that one given twice is undone by its own handle
  const own: PressureListener = (pressure) => listener(pressure);
  listeners.add(own);
  const undo = (): void => void listeners.delete(own);
  return Object.assign(undo, { [Symbol.dispose]: undo });
}
