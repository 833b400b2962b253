import type { Frame } from '../lifetime/site.ts';
import type { Ownership } from '../lifetime/site-table.ts';
import type { LiveStack } from './heap-profiler.ts';

/** What lives of all that one function of the app allocated, itself or by a library that it called. */
export interface HeapPlace {
  /** Outside Node and outlive, innermost first: the call path by which most of it was allocated. */
  readonly frames: readonly Frame[];
  readonly inApp: boolean;
  /** Bytes alive at each read since the start; 0 before it was first seen. */
  readonly levels: readonly number[];
  /** Of what was born before each read, since the one before, and was alive at it: how much is alive now. */
  readonly births: readonly Birth[];
}

export interface Birth {
  readonly bornSamples: number;
  readonly keptSamples: number;
  readonly keptBytes: number;
}

/** Sites that a heap profile tells, at most. */
const maxPlaces = 2000;

interface Found {
  frames: readonly Frame[];
  heaviestBytes: number;
  readonly inApp: boolean;
  readonly levels: number[];
  readonly births: { bornSamples: number; keptSamples: number; keptBytes: number }[];
}

/** The reads of one heap profile, by place: what was born between two of them, and how much of it is left. */
export class HeapPlaces {
  readonly #ownership: Ownership;
  readonly #places = new Map<string, Found>();
  /** The last ordinal at each read. */
  readonly #bounds: number[] = [];

  constructor(ownership: Ownership) {
    this.#ownership = ownership;
  }

  get reads(): number {
    return this.#bounds.length;
  }

  /** How much was allocated between the last two reads over that between the first two, by the number of samples taken. */
  get loadGrowth(): number {
    const [first = 0, second = 0] = this.#bounds;
    const early = second - first;
    return early > 0 ? ((this.#bounds.at(-1) ?? 0) - (this.#bounds.at(-2) ?? 0)) / early : 1;
  }

  [Symbol.iterator](): Iterator<HeapPlace> {
    return this.#places.values();
  }

  add(stacks: readonly LiveStack[]): void {
    this.#bounds.push(lastOrdinal(stacks, this.#bounds.at(-1) ?? 0));
    for (const place of this.#places.values()) forgetKept(place, this.reads);
    for (const stack of stacks) this.#addStack(stack);
    for (const place of this.#places.values()) settleNewest(place);
    // what has nothing left cannot be what grows
    for (const [key, { levels }] of this.#places) if (levels.at(-1) === 0) this.#places.delete(key);
  }

  #addStack({ frames, samples }: LiveStack): void {
    const [allocator] = frames;
    // what outlive keeps for itself is told by its own figures
    if (allocator === undefined || this.#ownership.isOutlive(allocator.file)) return;
    const outside = frames.filter(({ file }) => !file.startsWith('node:') && !this.#ownership.isOutlive(file));
    const ofApp = outside.find(({ file }) => this.#ownership.isApp(file));
    const frame = ofApp ?? outside[0];
    if (frame === undefined) return;
    const place = this.#placeAt(frame, ofApp !== undefined);
    if (place === undefined) return;
    let stackBytes = 0;
    for (const { ordinal, bytes } of samples) {
      const birth = place.births[this.#bounds.findIndex((bound) => ordinal <= bound)];
      stackBytes += bytes;
      if (birth === undefined) continue;
      birth.keptBytes += bytes;
      birth.keptSamples++;
    }
    place.levels[this.reads - 1] = (place.levels[this.reads - 1] ?? 0) + stackBytes;
    if (stackBytes < place.heaviestBytes) return;
    place.heaviestBytes = stackBytes;
    place.frames = outside;
  }

  #placeAt({ file, line, column }: Frame, inApp: boolean): Found | undefined {
    const key = `${file}:${line}:${column}`;
    let place = this.#places.get(key);
    if (place === undefined && this.#places.size < maxPlaces) {
      place = { frames: [], heaviestBytes: 0, inApp, levels: [], births: [] };
      forgetKept(place, this.reads);
      this.#places.set(key, place);
    }
    return place;
  }
}

function lastOrdinal(stacks: readonly LiveStack[], atLeast: number): number {
  let last = atLeast;
  for (const { samples } of stacks) for (const { ordinal } of samples) if (ordinal > last) last = ordinal;
  return last;
}

/** Before a read: nothing is known to be alive, and there is one read more. */
function forgetKept(place: Found, reads: number): void {
  place.heaviestBytes = 0;
  while (place.levels.length < reads) place.levels.push(0);
  while (place.births.length < reads) place.births.push({ bornSamples: 0, keptSamples: 0, keptBytes: 0 });
  for (const birth of place.births) birth.keptBytes = birth.keptSamples = 0;
}

function settleNewest({ births }: Found): void {
  const newest = births.at(-1);
  if (newest !== undefined) newest.bornSamples = newest.keptSamples;
}
