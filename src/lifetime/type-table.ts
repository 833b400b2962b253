import type { Probe } from './probe.ts';
import type { Tally } from './tally.ts';
import { TrackedType } from './tracked-type.ts';

export type TypeOptions = Omit<ConstructorParameters<typeof TrackedType>[0], 'tally'>;

const maxTypes = 1000;

/** Types by what looks at their things and by name: 1,000 of them, the rest is one for each probe, `other`. */
export class TypeTable {
  readonly all: TrackedType[] = [];
  readonly #byProbe = new Map<Probe, Map<string, TrackedType>>();

  define(o: TypeOptions, tally: Tally): TrackedType {
    let types = this.#byProbe.get(o.probe);
    if (types === undefined) this.#byProbe.set(o.probe, (types = new Map()));
    const name = this.all.length < maxTypes ? o.name : 'other';
    const key = (ofName: string): string => `${o.kind} ${o.judgement} ${o.limitMs ?? Infinity} ${ofName}`;
    let type = types.get(key(o.name)) ?? types.get(key(name));
    if (type === undefined) {
      type = new TrackedType({ ...o, name, tally });
      this.all.push(type);
      types.set(key(name), type);
    }
    type.isWatched = true;
    return type;
  }

  /** What this probe looks at is not watched until its types are defined anew. */
  unwatch(probe: Probe): void {
    for (const type of this.#byProbe.get(probe)?.values() ?? []) type.isWatched = false;
  }
}
