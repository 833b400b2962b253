import type { QueueProbe, Queues, Unwatch } from '../lifetime/queues.ts';
import type { Site } from '../lifetime/site.ts';
import type { Clock } from '../runtime/clock.ts';
import { shownPath } from '../runtime/shown-path.ts';
import { slashed } from '../runtime/slashed.ts';
import { type Stamp, stamp } from '../runtime/stamp.ts';
import { Arrivals } from './arrivals.ts';
import { CaptureBudget } from './capture-budget.ts';
import type { Observer } from './observer.ts';

/** How a queue of the library is read: once a sweep, and when the first item is seen to be put in. */
export interface QueueReader<T extends object> {
  /** Items that wait in it now. */
  size(queue: T): number;
  /** Items that it takes at most; `Infinity` without a limit. */
  capacity?(queue: T): number;
}

/**
 * The queues of a library, watched as `p-queue src/mail.ts:12`: the line that made them, or that first put something in.
 * Those of one line count together. They are held weakly and forgotten with their collection.
 */
export interface LibraryQueues<T extends object> {
  /** It is being made now, and empty. */
  made(queue: T): void;
  /** An item is about to be put in. */
  put(queue: T): void;
  /** Its items do not leave in the order in which they came: the age of the oldest is not told until it was empty. */
  reordered(queue: T): void;
}

/** What the queues need of the running outlive. */
interface Surroundings {
  readonly observer: Observer;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly home: { readonly appRoot: string; readonly cwd: string };
}

/** Living queues that are followed, and lines that they come from, for each library. */
const maxLiving = 1_000;
const maxLines = 100;
/** Captures a second, for queues that are made for each request. */
const capturesPerSecond = 100;
const maxNameLength = 80;

interface Reading {
  readonly size: number;
  readonly capacity: number;
}

/** One queue of the library. */
class Member<T extends object> {
  readonly ref: WeakRef<T>;
  readonly line: Line<T>;
  readonly arrivals: Arrivals;
  inOrder = true;

  constructor(queue: T, line: Line<T>, arrivals: Arrivals) {
    this.ref = new WeakRef(queue);
    this.line = line;
    this.arrivals = arrivals;
  }
}

/** The queues that one line of the app has made. */
interface Line<T extends object> {
  readonly members: Set<Member<T>>;
  enqueued: number;
}

export class WatchedQueues<T extends object> implements LibraryQueues<T> {
  readonly #library: string;
  readonly #reader: QueueReader<T>;
  readonly #s: Surroundings;
  readonly #roots: readonly string[];
  readonly #budget = new CaptureBudget(capturesPerSecond);
  /** `null` on those that are not followed. */
  readonly #known: Stamp<Member<T> | null> = stamp();
  readonly #lines = new Map<Site | null, Line<T>>();
  readonly #names = new Set<string>();
  readonly #unwatches: Unwatch[] = [];
  #living = 0;

  constructor(library: string, reader: QueueReader<T>, surroundings: Surroundings) {
    const { appRoot, cwd } = surroundings.home;
    this.#library = library;
    this.#reader = reader;
    this.#s = surroundings;
    this.#roots = [appRoot, cwd].map((root) => `${slashed(root).replace(/\/$/, '')}/`);
  }

  made(queue: T): void {
    if (this.#known.get(queue) === undefined) this.#meet(queue, 0);
  }

  put(queue: T): void {
    const member = this.#member(queue);
    if (member === null) return;
    member.arrivals.add(this.#s.clock.wallMs);
    member.line.enqueued++;
  }

  reordered(queue: T): void {
    const member = this.#member(queue);
    if (member !== null) member.inOrder = false;
  }

  end(): void {
    for (const unwatch of this.#unwatches.splice(0)) unwatch();
    this.#lines.clear();
  }

  #member(queue: T): Member<T> | null {
    const known = this.#known.get(queue);
    return known === undefined ? this.#meet(queue, this.#reading(queue)?.size) : known;
  }

  /** @param size of what is in it, `undefined` where it cannot be read */
  #meet(queue: T, size: number | undefined): Member<T> | null {
    const line = this.#living >= maxLiving || size === undefined ? undefined : this.#lineHere();
    if (line === undefined || size === undefined) {
      this.#s.queues.dropped++;
      this.#known.set(queue, null);
      return null;
    }
    const member = new Member(queue, line, new Arrivals(size, this.#s.clock.wallMs()));
    this.#known.set(queue, member);
    line.enqueued += size;
    line.members.add(member);
    this.#living++;
    return member;
  }

  /** `undefined` where there is no room for it, or where too many stacks were captured in this second. */
  #lineHere(): Line<T> | undefined {
    const { observer } = this.#s;
    if (!this.#budget.take(observer.ledger.nowMs, observer.ledger.samplingShare)) return undefined;
    const site = observer.siteOutside(this.#library);
    const known = this.#lines.get(site);
    if (known !== undefined || this.#lines.size >= maxLines) return known;
    const line: Line<T> = { members: new Set(), enqueued: 0 };
    this.#lines.set(site, line);
    const name = this.#nameOf(site);
    this.#names.add(name);
    this.#unwatches.push(this.#s.queues.watch({ sort: 'queue', name, probe: this.#probeOf(line), site }));
    return line;
  }

  /** As short as it can be told from the others. */
  #nameOf(site: Site | null): string {
    if (site === null) return this.#library;
    const { file, line, column } = site.frame;
    const place = `${shownPath(file, this.#roots)}:${line}`;
    const name = named(this.#library, place);
    return this.#names.has(name) ? named(this.#library, `${place}:${column}`) : name;
  }

  #probeOf(line: Line<T>): QueueProbe {
    const sum = (of: (reading: Reading) => number): number =>
      this.#readings(line).reduce((total, { reading }) => total + of(reading), 0);
    return {
      size: () => sum(({ size }) => size),
      capacity: this.#reader.capacity === undefined ? undefined : () => sum(({ capacity }) => capacity),
      oldest: () => this.#oldestMs(line),
      enqueued: () => line.enqueued,
    };
  }

  #oldestMs(line: Line<T>): number | undefined {
    const nowMs = this.#s.clock.wallMs();
    const since = this.#readings(line).flatMap(({ member, reading: { size } }) => {
      const atMs = member.arrivals.oldestMs(size, nowMs);
      if (size === 0) member.inOrder = true;
      return atMs === undefined || !member.inOrder ? [] : [atMs];
    });
    return since.length === 0 ? undefined : Math.min(...since);
  }

  /** Of those that live; one that cannot be read is followed no more. */
  #readings(line: Line<T>): { readonly member: Member<T>; readonly reading: Reading }[] {
    return [...line.members].flatMap((member) => {
      const queue = member.ref.deref();
      const reading = queue === undefined ? undefined : this.#reading(queue);
      if (reading !== undefined) return [{ member, reading }];
      line.members.delete(member);
      this.#living--;
      if (queue === undefined) return [];
      this.#known.set(queue, null);
      this.#s.queues.dropped++;
      return [];
    });
  }

  #reading(queue: T): Reading | undefined {
    const { size, capacity } = this.#reader;
    try {
      const reading = { size: size(queue), capacity: capacity?.(queue) ?? Infinity };
      return reading.size >= 0 && reading.size < Infinity && reading.capacity >= 0 ? reading : undefined;
    } catch {
      // a getter of the app: a subclass may have one
      return undefined;
    }
  }
}

const named = (library: string, place: string): string => {
  const room = maxNameLength - library.length - 1;
  return `${library} ${place.length > room ? `…${place.slice(1 - room)}` : place}`;
};
