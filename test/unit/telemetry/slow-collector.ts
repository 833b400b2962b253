import { setImmediate as turn } from 'node:timers/promises';
import type { ExportDrop, OutletOptions } from '../../../src/telemetry/export-outlet.ts';

type Done = (result: { readonly code: number; readonly error?: Error }) => void;

/** An exporter whose every export waits until the test answers it. */
export class SlowCollector {
  readonly batches: unknown[] = [];
  readonly answers: Done[] = [];
  shutdowns = 0;
  export = (batch: unknown, done: Done): void => {
    this.batches.push(batch);
    this.answers.push(done);
  };
  forceFlush = (): Promise<void> => Promise.resolve();
  shutdown = async (): Promise<void> => void this.shutdowns++;
  async answer(code: 0 | 1): Promise<void> {
    this.answers.shift()?.({ code, ...(code === 1 ? { error: new Error('down') } : {}) });
    await turn();
  }
  /** As the OTLP exporter tells of a status that is not to be tried again. */
  async refuse(status: number): Promise<void> {
    this.answers.shift()?.({ code: 1, error: Object.assign(new Error('refused'), { code: status }) });
    await turn();
  }
}

/** Time passes when the test says so. */
export function outletOptions() {
  const failures: string[] = [];
  const drops: Partial<Record<ExportDrop, number>> = {};
  const timers = new Map<object, { readonly fn: () => void; readonly ms: number }>();
  const options: OutletOptions = {
    quietly: (fn) => fn(),
    failed: (error) => failures.push(String(error)),
    timeoutMs: 1000,
    setTimeout: (fn, ms) => {
      const timer = { cancel: () => void timers.delete(timer) };
      timers.set(timer, { fn, ms });
      return timer;
    },
    random: () => 0,
    dropped: (what, count) => void (drops[what] = (drops[what] ?? 0) + count),
  };
  const pass = () => {
    const due = [...timers.values()];
    timers.clear();
    for (const { fn } of due) fn();
  };
  return { options, failures, drops, pass, waitsMs: () => [...timers.values()].map(({ ms }) => ms) };
}

/** The code that whoever hands a batch over is answered at once. */
export function exported(outlet: { export: (batch: never, done: Done) => void }, batch: unknown): number {
  let code = -1;
  outlet.export(batch as never, (result) => (code = result.code));
  return code;
}
