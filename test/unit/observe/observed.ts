import { isOwnFile } from '../../../src/runtime/own-code.ts';
import { stamp } from '../../../src/runtime/stamp.ts';
import { Abandoned } from '../../../src/detect/abandoned.ts';
import { attributed } from '../../../src/detect/causes.ts';
import type { Suspicion } from '../../../src/detect/finding.ts';
import { Outlived } from '../../../src/detect/outlived.ts';
import { Survival } from '../../../src/detect/survival.ts';
import { defaultOutlivedRule } from '../../../src/detect/survival-rule.ts';
import type { Kind } from '../../../src/lifetime/kind.ts';
import { Ledger } from '../../../src/lifetime/ledger.ts';
import type { Nursery } from '../../../src/lifetime/nursery.ts';
import { type Ownership, SiteTable } from '../../../src/lifetime/site-table.ts';
import type { Tally } from '../../../src/lifetime/tally.ts';
import { contextOf } from '../../../src/observe/context/context-of.ts';
import type { ScopeContext } from '../../../src/observe/context/scope-context.ts';
import type { Hook } from '../../../src/observe/hook.ts';
import { Observer } from '../../../src/observe/observer.ts';
import { detachAll } from '../../../src/observe/patch.ts';
import { chargesOf } from '../detect/charges-of.ts';
import { resultOf } from '../detect/result-of.ts';

/** Sweeps of an observed ledger come at this distance on its clock. */
export const sweepIntervalMs = 10_000;

export interface ObservedOptions {
  readonly hooks: readonly Hook[];
  /** One opening in so many has its site captured; default: each. */
  readonly siteSampling?: number;
  readonly isApp?: Ownership['isApp'];
  readonly context?: ScopeContext['mechanism'];
}

/** Tests are the app here: their files are its code, `src/` is outlive, `node_modules` are libraries. */
export const testIsApp = (file: string): boolean => !file.includes('node_modules/');

/**
 * A ledger with hooks attached, on a clock that only sweeps advance, the real collector behind it. What a hook fails at is
 * thrown by the next `sweep`, so that no test passes over it.
 */
export function observed({
  hooks,
  siteSampling = 1,
  isApp = testIsApp,
  context = 'async-local-storage',
}: ObservedOptions) {
  let nowMs = 1;
  let failure: unknown;
  const ledger = new Ledger({ maxOpen: 100_000, nowMs: () => nowMs, adopted: stamp() });
  const observer = new Observer({
    ledger,
    context: contextOf(context),
    sites: new SiteTable({ isApp, isOutlive: isOwnFile }),
    siteSampling,
    activeTrace: () => undefined,
    failed: (where, error) => (failure ??= new Error(`hook failed: ${where}`, { cause: error })),
  });
  const detaches = hooks.map((hook) => hook.attach(observer));
  // alarms cost nothing here: a dozen things are enough
  const survival = new Survival(defaultOutlivedRule, 1_000);
  const detectors = [new Outlived(ledger, defaultOutlivedRule, survival), new Abandoned(ledger)];

  const sweep = (sweeps = 1): void => {
    for (let i = 0; i < sweeps; i++) {
      nowMs += sweepIntervalMs;
      while (!ledger.sweepSlice(Infinity));
      for (const detector of detectors) for (const _ of detector.check(ledger.sweepCount, nowMs));
    }
    if (failure !== undefined) throw failure;
  };

  return {
    ledger,
    observer,
    sweep,
    /** The work is a request of that name: a scope that ends when `fn` has. */
    async inRequest<R>(name: string, fn: () => R | Promise<R>): Promise<R> {
      const nursery: Nursery = ledger.openScope('request', name, undefined);
      try {
        return await observer.context.run(nursery, fn);
      } finally {
        ledger.endScope(nursery);
      }
    },
    tally(kind: Kind): Tally {
      return ledger.tallyOf(kind);
    },
    /** What the detectors say after the last sweep, one charge a cause. */
    suspicions(): Suspicion[] {
      const charges = detectors.flatMap((detector) => chargesOf(detector, ledger.sweepCount, nowMs));
      return resultOf(attributed(charges)).causes.map(({ suspicion }) => suspicion);
    },
    detach(): void {
      detachAll(detaches)();
      observer.detachLate();
      observer.context.detach();
    },
  };
}

/** Collects everything unreachable; the next sweep sees what is gone. Fails without `--expose-gc`. */
export async function collectGarbage(): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run with --expose-gc: a test of collection proves nothing without it');
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  await new Promise((resolve) => setImmediate(resolve));
}
