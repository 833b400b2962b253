import { Levels } from './levels.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';

/** Listeners of one event on one thing below which nothing is kept of it. */
export const pileAt = 32;
const maxPiles = 512;
const samplesPerSweep = 4;
/** Sweeps after which a sampled listener that is still there counts as kept. */
const keptAfterSweeps = 24;
const maxPlaces = 32;
/** Samples after which the older half of the evidence is let go. */
const halveAt = 200;

/** How the listeners of a thing are read: plain data, no code of the app is run. */
export interface PileReader {
  /** Listeners of the event that are on the thing now. */
  countOf(thing: object, event: PropertyKey): number;
  /** Which of `listeners` are still among them; `undefined` where there are too many to look through. */
  stillOn(thing: object, event: PropertyKey, listeners: ReadonlySet<object>): ReadonlySet<object> | undefined;
}

/** A line that adds listeners to a pile: how many of the sampled ones stayed, and how many came off again. */
export interface PilePlace {
  readonly site: Site | null;
  /** The last one whose listener was seen to stay. */
  scope: Scope;
  kept: number;
  left: number;
}

interface Sample {
  readonly listener: WeakRef<object>;
  readonly place: PilePlace;
  readonly scope: Scope;
  readonly sweep: number;
}

/** The listeners of one event on one thing, from the 32nd on. Refers weakly to the thing and to every listener. */
export class Pile {
  readonly thing: WeakRef<object>;
  readonly event: PropertyKey;
  /** E.g. `AbortSignal 'abort'`. */
  readonly name: string;
  readonly openedMs: number;
  readonly levels = new Levels();
  /** How much other work and how many connections were open meanwhile. */
  readonly load = new Levels();
  /** The pile of another event on the same thing. */
  next: Pile | undefined = undefined;
  /** The thing was collected, or the pile made room for another. */
  gone = false;
  /** Adds seen from the 32nd listener on. */
  adds = 0;
  readonly #reader: PileReader;
  readonly #places = new Map<number, PilePlace>();
  #samples: Sample[] = [];
  #samplesLeft = samplesPerSweep;
  #skip = 1;
  #addsAtSweep = 0;
  #lastAdds = 0;

  constructor(o: { thing: object; event: PropertyKey; name: string; nowMs: number; reader: PileReader }) {
    this.thing = new WeakRef(o.thing);
    this.event = o.event;
    this.name = o.name;
    this.openedMs = o.nowMs;
    this.#reader = o.reader;
  }

  /** Notes an add. Whether it is one to look at closely: four a sweep, at chance, so that no rhythm of the app hides one. */
  wantsSample(): boolean {
    this.adds++;
    if (this.#samplesLeft === 0 || --this.#skip > 0) return false;
    this.#samplesLeft--;
    this.#skip = this.#chanceSkip();
    return true;
  }

  sample(listener: object, site: Site | null, scope: Scope, sweep: number): void {
    const key = site?.id ?? 0;
    let place = this.#places.get(key);
    if (place === undefined) {
      if (this.#places.size >= maxPlaces) return;
      this.#places.set(key, (place = { site, scope, kept: 0, left: 0 }));
    }
    this.#samples.push({ listener: new WeakRef(listener), place, scope, sweep });
  }

  get places(): Iterable<PilePlace> {
    return this.#places.values();
  }

  look(sweep: number, nowMs: number, load: number): void {
    const thing = this.thing.deref();
    if (thing === undefined) {
      this.gone = true;
      return;
    }
    this.levels.add(this.#reader.countOf(thing, this.event), nowMs);
    this.load.add(load, nowMs);
    this.#seeWhatStayed(thing, sweep);
    this.#lastAdds = this.adds - this.#addsAtSweep;
    this.#addsAtSweep = this.adds;
    this.#samplesLeft = samplesPerSweep;
    this.#skip = this.#chanceSkip();
  }

  #chanceSkip(): number {
    return 1 + Math.floor((Math.random() * 2 * this.#lastAdds) / samplesPerSweep);
  }

  #seeWhatStayed(thing: object, sweep: number): void {
    const due = this.#samples.filter((sample) => sweep - sample.sweep >= keptAfterSweeps);
    if (due.length === 0) return;
    this.#samples = this.#samples.slice(due.length);
    const listeners = new Set(due.map(({ listener }) => listener.deref()).filter((listener) => listener !== undefined));
    const still = this.#reader.stillOn(thing, this.event, listeners);
    if (still === undefined) return;
    for (const { listener, place, scope } of due) {
      const kept = listener.deref();
      if (kept !== undefined && still.has(kept)) {
        place.kept++;
        place.scope = scope;
      } else place.left++;
      if (place.kept + place.left < halveAt) continue;
      place.kept /= 2;
      place.left /= 2;
    }
  }
}

/** The piles of this process, at most 512. */
export class ListenerPiles {
  readonly #piles = new Set<Pile>();
  /** No room was found since the last look, so that looking for it is not tried at each add. */
  #full = false;
  /** Piles that found no room. */
  dropped = 0;

  add(o: ConstructorParameters<typeof Pile>[0]): Pile | undefined {
    this.#full ||= this.#piles.size >= maxPiles && !this.#makeRoom();
    if (this.#full) {
      this.dropped++;
      return undefined;
    }
    const pile = new Pile(o);
    this.#piles.add(pile);
    return pile;
  }

  /**
   * Each `undefined` is a place where the look may pause.
   *
   * @param load open requests and connections: listeners may grow with them
   */
  *look(sweep: number, nowMs: number, load: number): Iterable<undefined> {
    this.#full = false;
    for (const pile of this.#piles) {
      yield;
      pile.look(sweep, nowMs, load);
      if (pile.gone) this.#piles.delete(pile);
    }
  }

  [Symbol.iterator](): Iterator<Pile> {
    return this.#piles.values();
  }

  clear(): void {
    for (const pile of this.#piles) pile.gone = true;
    this.#piles.clear();
  }

  #makeRoom(): boolean {
    for (const pile of this.#piles) {
      if (pile.levels.sweeps === 0 || pile.levels.level >= pileAt) continue;
      pile.gone = true;
      return this.#piles.delete(pile);
    }
    return false;
  }
}
