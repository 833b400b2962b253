import type { Ledger } from './ledger.ts';
import { Levels, windowSweeps } from './levels.ts';
import { OnDemand } from './on-demand.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';
import type { TrackedType } from './tracked-type.ts';

/** Bytes that wait in one socket or stream from which on it is followed. */
export const swollenAtBytes = 1 << 20;
const maxSwollen = 64;
/** Rows that are looked at in one sweep, at about 0.2 µs each. */
const rowsPerSweep = 2048;
const rowsBetweenPauses = 64;
const writesPerSweep = 4;
const enoughWrites = 32;
const maxPlaces = 16;

/** A line that writes to it. */
export interface WritePlace {
  readonly site: Site;
  scope: Scope;
  writes: number;
}

/** An open socket or stream in which more than 1 MiB waits. Refers to it weakly. */
export class SwollenBuffer {
  readonly thing: WeakRef<object>;
  readonly type: TrackedType;
  readonly sinceMs: number;
  readonly levels = new Levels();
  /** It holds that much no more. */
  gone = false;
  readonly #places = new Map<number, WritePlace>();
  #writesLeft = 0;
  #writes = 0;

  constructor(thing: object, type: TrackedType, nowMs: number) {
    this.thing = new WeakRef(thing);
    this.type = type;
    this.sinceMs = nowMs;
  }

  /** It has been full for a while, and who writes to it is not known well. */
  get wantsWrites(): boolean {
    return this.levels.sweeps >= windowSweeps && this.#writes < enoughWrites;
  }

  get wantsWrite(): boolean {
    return this.#writesLeft > 0 && this.#writes < enoughWrites;
  }

  wroteAt(site: Site | null, scope: Scope): void {
    this.#writesLeft--;
    if (site === null) return;
    let place = this.#places.get(site.id);
    if (place === undefined) {
      if (this.#places.size >= maxPlaces) return;
      this.#places.set(site.id, (place = { site, scope, writes: 0 }));
    }
    this.#writes++;
    place.writes++;
    place.scope = scope;
  }

  /** The line that most of the noted writes came from. */
  get place(): WritePlace | undefined {
    return [...this.#places.values()].toSorted((a, b) => b.writes - a.writes)[0];
  }

  look(nowMs: number): void {
    const thing = this.thing.deref();
    const bytes = thing === undefined || this.type.probe.endOf(thing) !== undefined ? 0 : bytesIn(thing, this.type);
    this.gone = bytes < swollenAtBytes;
    if (this.gone) return;
    this.levels.add(bytes, nowMs);
    this.#writesLeft = writesPerSweep;
  }
}

const bytesIn = (thing: object, { probe }: TrackedType): number => probe.bufferedOf?.(thing) ?? 0;

/** The open sockets and streams in which much waits. While the buffers of all together hold little, nothing is looked at. */
export class SwollenBuffers {
  /** Notes who writes; attached only while somebody is followed. */
  readonly writes = new OnDemand();
  readonly #swollen = new Map<WeakRef<object>, SwollenBuffer>();
  readonly #byThing = new WeakMap<object, SwollenBuffer>();
  #cursor = 0;

  [Symbol.iterator](): Iterator<SwollenBuffer> {
    return this.#swollen.values();
  }

  /** The one to tell of a write to `thing`, if that is wanted. */
  wanting(thing: object): SwollenBuffer | undefined {
    const buffer = this.#byThing.get(thing);
    return buffer?.wantsWrite === true && !buffer.gone ? buffer : undefined;
  }

  /** Each `undefined` is a place where the look may pause. */
  *look(ledger: Ledger, nowMs: number): Iterable<undefined> {
    for (const [ref, buffer] of this.#swollen) {
      buffer.look(nowMs);
      if (buffer.gone) this.#swollen.delete(ref);
    }
    const held = [...ledger.tallies.values()].some(({ bufferedBytes }) => bufferedBytes >= swollenAtBytes);
    yield;
    if (held) yield* this.#findMore(ledger, nowMs);
    this.writes.want([...this.#swollen.values()].some(({ wantsWrites }) => wantsWrites));
  }

  clear(): void {
    this.writes.want(false);
    this.#swollen.clear();
  }

  *#findMore({ survivors }: Ledger, nowMs: number): Iterable<undefined> {
    const rows = Math.min(rowsPerSweep, survivors.end);
    for (let n = 0; n < rows && this.#swollen.size < maxSwollen; n++) {
      if (n % rowsBetweenPauses === 0) yield;
      this.#cursor = this.#cursor + 1 < survivors.end ? this.#cursor + 1 : 0;
      const type = survivors.origins[this.#cursor]?.type;
      const ref = survivors.refs[this.#cursor];
      if (type === undefined || ref === undefined || type.tally.bufferedBytes < swollenAtBytes) continue;
      const thing = this.#swollen.has(ref) ? undefined : ref.deref();
      if (thing === undefined || bytesIn(thing, type) < swollenAtBytes) continue;
      const buffer = new SwollenBuffer(thing, type, nowMs);
      this.#swollen.set(ref, buffer);
      this.#byThing.set(thing, buffer);
    }
  }
}
