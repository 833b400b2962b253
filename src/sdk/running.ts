import type { Engine } from './engine.ts';

/** The engine of this process, if one runs. Every call of the API asks here and is a no-op without one. */
let engine: Engine | undefined;

/** Seen by a second copy of outlive in the same process: two would hook everything twice. */
const copyKey = Symbol.for('outlive.running');
const shared = globalThis as { [copyKey]?: string };

export const runningEngine = (): Engine | undefined => engine;

export function setRunning(next: Engine | undefined): void {
  engine = next;
  if (next === undefined) Reflect.deleteProperty(shared, copyKey);
  else Object.defineProperty(shared, copyKey, { value: import.meta.url, configurable: true, enumerable: false });
}

/** Whether another copy of outlive runs in this process. */
export const otherCopyRuns = (): boolean => engine === undefined && shared[copyKey] !== undefined;
