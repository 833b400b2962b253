import { module } from '../runtime/builtins.ts';
import type { Hook, HookGroup } from './hook.ts';
import type { Observer } from './observer.ts';
import type { Detach } from './patch.ts';

/** The hooks that are attached now; groups can be switched one by one while the app runs. */
export class HookSet {
  readonly #observer: Observer;
  readonly #hooks: readonly Hook[];
  readonly #attached = new Map<Hook, Detach>();

  constructor(observer: Observer, hooks: readonly Hook[]) {
    this.#observer = observer;
    this.#hooks = hooks;
  }

  get groups(): ReadonlySet<HookGroup> {
    return new Set([...this.#attached.keys()].map(({ group }) => group));
  }

  /** Attaches what is wanted and detaches the rest. A hook that cannot attach is left out; the host goes on. */
  attachOnly(wanted: ReadonlySet<HookGroup>): void {
    for (const hook of this.#hooks) {
      if (wanted.has(hook.group)) this.#attach(hook);
      else if (this.#attached.has(hook)) {
        this.#detach(hook);
        this.#observer.guard(`after detach ${hook.group}`, () => hook.unseen?.(this.#observer));
      }
    }
  }

  detachAll(): void {
    for (const hook of this.#hooks.toReversed()) this.#detach(hook);
    this.#observer.guard('detach', () => {
      this.#observer.detachLate();
      // a hook that did so copied what others had still patched (`init` of `node:events`)
      module.syncBuiltinESMExports();
    });
  }

  #attach(hook: Hook): void {
    if (this.#attached.has(hook)) return;
    this.#observer.guard(`attach ${hook.group}`, () => void this.#attached.set(hook, hook.attach(this.#observer)));
  }

  #detach(hook: Hook): void {
    const detach = this.#attached.get(hook);
    this.#attached.delete(hook);
    if (detach !== undefined) this.#observer.guard(`detach ${hook.group}`, detach);
  }
}
