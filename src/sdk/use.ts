import type { Integration, Surroundings } from '../observe/integration.ts';
import type { Detach } from '../observe/patch.ts';
import type { Engine } from './engine.ts';
import { brokenRule } from './outlive-error.ts';
import { runningEngine } from './running.ts';
import { tellOnce } from './troubles.ts';

/** No longer uses what was used; with `using`, at the end of the block. */
export type Unuse = (() => void) & Disposable;

interface Use {
  /** How often it was asked for and not taken back. */
  users: number;
  /** While outlive runs. */
  detach: Detach | undefined;
}

const used = new Map<Integration, Use>();
const maxUsed = 100;

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
  return useAll(integrations, { code: 'OUTLIVE_BAD_ARGUMENT', path: 'integrations' });
}

/** The option of `start()`. */
export const useByOption = (integrations: readonly Integration[]): Unuse =>
  useAll(integrations, { code: 'OUTLIVE_BAD_OPTION', path: 'integrations' });

/** Attaches what was used before the start. */
export function attachUsed(engine: Engine): void {
  for (const [integration, entry] of used) attachTo(engine, integration, entry);
}

/** Detaches all of it. It is attached again at the next start. */
export function detachUsed(): void {
  for (const entry of [...used.values()].toReversed()) detach(entry);
}

interface Asked {
  readonly code: 'OUTLIVE_BAD_ARGUMENT' | 'OUTLIVE_BAD_OPTION';
  readonly path: string;
}

function useAll(integrations: readonly Integration[], { code, path }: Asked): Unuse {
  if (!Array.isArray(integrations)) {
    throw brokenRule(code, { path, rule: 'a list of integrations', value: integrations }, example);
  }
  for (const [i, integration] of integrations.entries()) check(integration, { code, path: `${path}[${i}]` });
  const undos = integrations.map(usedOnce);
  const unuse = (): void => {
    for (const undo of undos.splice(0)) undo();
  };
  return Object.assign(unuse, { [Symbol.dispose]: unuse });
}

const example = 'E.g. use(pQueue(PQueue)), with pQueue of outlive/p-queue.';

function check(value: unknown, { code, path }: Asked): void {
  const integration = (value ?? {}) as Partial<Integration>;
  if (typeof integration.attach !== 'function' || typeof integration.name !== 'string') {
    throw brokenRule(code, { path, rule: 'an integration', value }, example);
  }
  const { misfit } = integration;
  if (misfit !== undefined) throw brokenRule(code, { path: `${path}.library`, ...misfit }, misfit.remedy);
}

function usedOnce(integration: Integration): () => void {
  let entry = used.get(integration);
  if (entry === undefined) {
    if (used.size >= maxUsed) {
      tellOnce(`only ${maxUsed} integrations are used at a time: ${integration.name} is left out`);
      return () => {};
    }
    used.set(integration, (entry = { users: 0, detach: undefined }));
  }
  entry.users++;
  const engine = runningEngine();
  if (engine !== undefined) attachTo(engine, integration, entry);
  return () => unusedOnce(integration, entry);
}

function unusedOnce(integration: Integration, entry: Use): void {
  if (--entry.users > 0) return;
  detach(entry);
  used.delete(integration);
}

function attachTo({ clock, home, observer, queues }: Engine, integration: Integration, entry: Use): void {
  const surroundings: Surroundings = { clock, home, observer, queues, warn: tellOnce };
  entry.detach ??= integration.attach(surroundings);
}

function detach(entry: Use): void {
  entry.detach?.();
  entry.detach = undefined;
}
