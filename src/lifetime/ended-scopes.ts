import { Scope } from './scope.ts';
import type { Runs } from './scope-stats.ts';

const maxNames = 1000;

/** Ended scopes of one sort and name as one object: a row then keeps nothing of the single request (112 B). */
export class EndedScopes {
  readonly #scopes = new Map<string, Scope>();
  /** Those of servers that are told apart. */
  readonly #byRuns = new WeakMap<Runs, EndedScopes>();

  /** The one that stands for all that ended like `scope`; `scope` itself beyond 1,000 names. */
  of(scope: Scope): Scope {
    const { runs } = scope;
    return runs === undefined ? this.#sharedWith(scope) : this.#ofRuns(runs).#sharedWith(scope);
  }

  #ofRuns(runs: Runs): EndedScopes {
    let scopes = this.#byRuns.get(runs);
    if (scopes === undefined) this.#byRuns.set(runs, (scopes = new EndedScopes()));
    return scopes;
  }

  #sharedWith(scope: Scope): Scope {
    const key = `${scope.sort} ${scope.name}`;
    const known = this.#scopes.get(key);
    if (known !== undefined || this.#scopes.size >= maxNames) return known ?? scope;
    const shared = new Scope(scope.sort, scope.name, scope.openedAtSweep, undefined);
    shared.endedAtSweep = scope.endedAtSweep;
    shared.runs = scope.runs;
    this.#scopes.set(key, shared);
    return shared;
  }
}
