import { attachedIntegration } from '../observe/attached-integration.ts';
import type { Integration } from '../observe/integration.ts';
import { type Above, capturedFrames } from '../runtime/stack.ts';
import { brokenRule } from './outlive-error.ts';
import { runningEngine } from './running.ts';
import { tellOnce } from './troubles.ts';
import { usedFromNow } from './used.ts';

/** No longer uses what was used; with `using`, at the end of the block. */
export type Unuse = (() => void) & Disposable;

/**
 * Uses integrations while outlive runs: those that are there already attach at once, else at its start; where outlive is
 * off they do nothing. One that is used twice is attached once, until both have ended it.
 *
 * @param integrations of `outlive/<library>`, or of `defineIntegration`
 * @throws OutliveError `OUTLIVE_BAD_ARGUMENT` where one is no integration, or was handed something else than its library
 * @returns ends it: detaches by identity; usable with `using`
 * @example
 * ```ts
 * import PQueue from 'p-queue';
 * import { use } from 'outlive';
 * import { pQueue } from 'outlive/p-queue';
 *
 * use(pQueue(PQueue));
 * ```
 */
export function use(...integrations: readonly Integration[]): Unuse {
  return useAll(integrations, { code: 'OUTLIVE_BAD_ARGUMENT', usedIn: callerOf(use) });
}

/** @param start the call that has it as its option `integrations` */
export const useByOption = (integrations: readonly Integration[], start: Above): Unuse =>
  useAll(integrations, { code: 'OUTLIVE_BAD_OPTION', usedIn: callerOf(start) });

/** Who uses an integration has imported its library: there its version is found. */
const callerOf = (call: Above): string | undefined => capturedFrames(1, call)[0]?.file;

interface Asked {
  readonly code: 'OUTLIVE_BAD_ARGUMENT' | 'OUTLIVE_BAD_OPTION';
  readonly usedIn: string | undefined;
}

const path = 'integrations';
const example = 'E.g. use(pQueue(PQueue)), with pQueue of outlive/p-queue.';

function useAll(integrations: readonly Integration[], { code, usedIn }: Asked): Unuse {
  if (!Array.isArray(integrations)) {
    throw brokenRule(code, { path, rule: 'a list of integrations', value: integrations }, example);
  }
  for (const [i, integration] of integrations.entries()) check(integration, `${path}[${i}]`, code);
  const undos = integrations.map((integration) =>
    usedFromNow(integration, (engine) => {
      const { clock, home, observer, queues } = engine;
      const isEnding = (): boolean => runningEngine() !== engine;
      return attachedIntegration(integration, { clock, home, observer, queues, isEnding, usedIn, warn: tellOnce });
    }),
  );
  const unuse = (): void => {
    for (const undo of undos.splice(0)) undo();
  };
  return Object.assign(unuse, { [Symbol.dispose]: unuse });
}

function check(value: unknown, at: string, code: Asked['code']): void {
  const integration = (value ?? {}) as Partial<Integration>;
  if (typeof integration.attach !== 'function' || typeof integration.name !== 'string') {
    throw brokenRule(code, { path: at, rule: 'an integration', value }, example);
  }
  const { misfit } = integration;
  if (misfit !== undefined) throw brokenRule(code, { path: `${at}.library`, ...misfit }, misfit.remedy);
}
