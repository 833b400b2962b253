import type { Detach } from '../observe/patch.ts';
import type { Engine } from './engine.ts';
import { runningEngine } from './running.ts';
import { tellOnce } from './troubles.ts';

/** One integration that is used, as far as the start of outlive need know it: how it attaches is loaded with `use()`. */
interface Use {
  readonly attach: (engine: Engine) => Detach;
  /** How often it was asked for and not taken back. */
  users: number;
  /** While outlive runs. */
  detach: Detach | undefined;
}

const used = new Map<object, Use>();
const maxUsed = 100;

/** Attaches what was used before the start. */
export function attachUsed(engine: Engine): void {
  for (const use of used.values()) use.detach ??= use.attach(engine);
}

/** Detaches all of it. It is attached again at the next start. */
export function detachUsed(): void {
  for (const use of [...used.values()].toReversed()) detach(use);
}

/**
 * Attaches it now, where outlive runs, and at each start from now on.
 *
 * @returns undoes it, once all who asked for it have
 */
export function usedFromNow(integration: { readonly name: string }, attach: Use['attach']): () => void {
  let use = used.get(integration);
  if (use === undefined) {
    if (used.size >= maxUsed) {
      tellOnce(`only ${maxUsed} integrations are used at a time: ${integration.name} is left out`);
      return () => {};
    }
    used.set(integration, (use = { attach, users: 0, detach: undefined }));
  }
  const entry = use;
  entry.users++;
  const engine = runningEngine();
  if (engine !== undefined) entry.detach ??= entry.attach(engine);
  return () => {
    if (--entry.users > 0) return;
    detach(entry);
    used.delete(integration);
  };
}

function detach(use: Use): void {
  use.detach?.();
  use.detach = undefined;
}
