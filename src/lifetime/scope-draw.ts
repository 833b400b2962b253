import type { Scope } from './scope.ts';

/** Scopes that are drawn from one sweep to the next, in all and of one name. */
const maxDrawn = 8;
const maxOfName = 4;
/** Of a name, so many are the first ones that come, each further one is drawn by chance: apps have rhythms. */
const firstOfName = 2;
const chance = 0.25;
/** How many, in a sweep, may be drawn in the stead of such as turned out to be of another name. */
const maxReplaced = 16;

/** Which scopes are worth a closer look: a few that begin from now on, of the names that are asked for. */
export class ScopeDraw {
  #names: ReadonlySet<string> = new Set();
  /** What they are called while their route is not known: `GET *`. */
  #wildcards: ReadonlySet<string> = new Set();
  readonly #drawnOf = new Map<string, number>();
  #sweep = 0;
  #left = 0;
  #replacementsLeft = 0;

  /** Whether more may be drawn before the next sweep. */
  get isOpen(): boolean {
    return this.#left > 0;
  }

  begin(names: ReadonlySet<string>, sweep: number): void {
    this.#names = names;
    this.#wildcards = new Set([...names].map(wildcardOf));
    this.#sweep = sweep;
    this.#drawnOf.clear();
    this.#left = Math.min(maxDrawn, maxOfName * names.size);
    this.#replacementsLeft = maxReplaced;
  }

  /** Whether the scope has one of the names, or may turn out to. */
  wants({ name, expectedName, ended }: Scope): boolean {
    if (this.#names.has(name)) return true;
    if (ended) return false;
    return expectedName === undefined ? this.#wildcards.has(name) : this.#names.has(expectedName);
  }

  /** @returns the name under which it is drawn; `undefined` where it is not */
  draw(scope: Scope): string | undefined {
    // of one that began before, births were missed
    if (this.#left === 0 || scope.openedAtSweep < this.#sweep || !this.wants(scope)) return undefined;
    const name = scope.bestName;
    const drawn = this.#drawnOf.get(name) ?? 0;
    if (drawn >= maxOfName || (drawn >= firstOfName && Math.random() >= chance)) return undefined;
    this.#drawnOf.set(name, drawn + 1);
    this.#left--;
    return name;
  }

  /** One that was drawn under that name is not of it after all. */
  giveBack(name: string): void {
    const drawn = this.#drawnOf.get(name) ?? 0;
    if (this.#replacementsLeft === 0 || drawn === 0) return;
    this.#replacementsLeft--;
    this.#drawnOf.set(name, drawn - 1);
    this.#left++;
  }
}

const wildcardOf = (name: string): string => `${name.split(' ', 1)[0] ?? ''} *`;
