import { Connected } from './connected.ts';
import type { Kind } from './kind.ts';
import { Origin } from './origin.ts';
import type { Probe } from './probe.ts';
import type { Site } from './site.ts';
import type { Tally } from './tally.ts';

/** How a type is judged once its scope is over. */
export type Judgement =
  /** May be accused when it outlives the scope that opened it. */
  | 'scope'
  /** Only counted: it has a life of its own (a connection that a client made, a server). */
  | 'none';

/** One sort of thing: a constructor with its kind and the way to look at it. Interned, one object a constructor. */
export class TrackedType {
  readonly kind: Kind;
  /** Library-qualified where known, e.g. `pg.Client`. */
  readonly name: string;
  readonly probe: Probe;
  readonly tally: Tally;
  readonly judgement: Judgement;
  /** The missing call, in words. */
  readonly advice: string;
  /** Longest time one may be open without being used, in ms; `Infinity` without a limit. */
  readonly limitMs: number;
  /** Whether the ends of its things are seen. */
  isWatched = true;
  opened = 0;
  /** Opened before the last sweep began. */
  openedBefore = 0;
  /** Sweep at which one of this type was last seen to outlive its scope, −1 if never. */
  strayedAtSweep = -1;
  /** How many did at that sweep. */
  strays = 0;
  /** Sweeps for which every opening still has its site captured, because several of this type outlived their scope. */
  suspectForSweeps = 0;
  /** What clients of this type held when they were ended. */
  readonly connected = new Connected();
  /** Those with a site and those without, as they came. */
  readonly everyOrigin: Origin[] = [];
  readonly #bySite = new Map<number, Origin>();
  readonly #byScope = new Map<string, Origin>();

  constructor(o: {
    kind: Kind;
    name: string;
    probe: Probe;
    tally: Tally;
    judgement: Judgement;
    advice: string;
    limitMs?: number | undefined;
  }) {
    this.kind = o.kind;
    this.name = o.name;
    this.probe = o.probe;
    this.tally = o.tally;
    this.judgement = o.judgement;
    this.advice = o.advice;
    this.limitMs = o.limitMs ?? Infinity;
  }

  /** The package part of its name, `''` where there is none. */
  get library(): string {
    const at = this.name.lastIndexOf('.');
    return at < 0 ? '' : this.name.slice(0, at);
  }

  get origins(): Iterable<Origin> {
    return this.#bySite.values();
  }

  get originsWithoutSite(): Iterable<Origin> {
    return this.#byScope.values();
  }

  /** Where openings of this type at `site` are counted. */
  originAt(site: Site): Origin {
    let origin = this.#bySite.get(site.id);
    if (origin === undefined) this.#bySite.set(site.id, (origin = this.#newOrigin(site)));
    return origin;
  }

  /** Where openings of this type in `scopeName` are counted whose site is not known. At most 500 names. */
  originIn(scopeName: string): Origin {
    const known = this.#byScope.get(scopeName);
    if (known !== undefined) return known;
    const name = this.#byScope.size < 500 ? scopeName : '';
    let origin = this.#byScope.get(name);
    if (origin === undefined) this.#byScope.set(name, (origin = this.#newOrigin(null)));
    return origin;
  }

  #newOrigin(site: Site | null): Origin {
    const origin = new Origin(this, site);
    this.everyOrigin.push(origin);
    return origin;
  }
}
