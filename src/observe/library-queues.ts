import type { Queues, Unwatch } from '../lifetime/queues.ts';
import type { Site } from '../lifetime/site.ts';
import type { Clock } from '../runtime/clock.ts';
import { shownPath } from '../runtime/shown-path.ts';
import { slashed } from '../runtime/slashed.ts';
import { type Stamp, stamp } from '../runtime/stamp.ts';
import { Arrivals } from './arrivals.ts';
import { CaptureBudget } from './capture-budget.ts';
import type { Observer } from './observer.ts';
import { LineMember, QueueLine, type QueueReader, readingOf } from './queue-line.ts';

export type { QueueReader } from './queue-line.ts';

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
/** Captures a second: a start may make many at once, and where each request makes one the governor lowers the share. */
const capturesPerSecond = 1_000;
const maxNameLength = 80;

export class WatchedQueues<T extends object> implements LibraryQueues<T> {
  readonly #library: string;
  readonly #reader: QueueReader<T>;
  readonly #s: Surroundings;
  readonly #roots: readonly string[];
  readonly #budget = new CaptureBudget(capturesPerSecond);
  /** `null` on those that are not followed. */
  readonly #known: Stamp<LineMember<T> | null> = stamp();
  readonly #lines = new Map<Site | null, QueueLine<T>>();
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
    member.enqueued.count++;
  }

  reordered(queue: T): void {
    const member = this.#member(queue);
    if (member !== null) member.inOrder = false;
  }

  end(): void {
    for (const unwatch of this.#unwatches.splice(0)) unwatch();
    this.#lines.clear();
  }

  #member(queue: T): LineMember<T> | null {
    const known = this.#known.get(queue);
    return known === undefined ? this.#meet(queue, readingOf(queue, this.#reader)?.size) : known;
  }

  /** @param size of what is in it, `undefined` where it cannot be read */
  #meet(queue: T, size: number | undefined): LineMember<T> | null {
    const line = this.#living >= maxLiving || size === undefined ? undefined : this.#lineHere();
    if (line === undefined || size === undefined) return this.#drop(queue);
    const member = new LineMember(queue, line.enqueued, new Arrivals(size, this.#s.clock.wallMs()));
    this.#known.set(queue, member);
    line.enqueued.count += size;
    line.add(member);
    this.#living++;
    return member;
  }

  #drop(queue: T): null {
    this.#s.queues.dropped++;
    this.#known.set(queue, null);
    return null;
  }

  /** `undefined` where there is no room for it, or where too many stacks were captured in this second. */
  #lineHere(): QueueLine<T> | undefined {
    const { clock, observer, queues } = this.#s;
    if (!this.#budget.take(clock.nowMs(), observer.ledger.samplingShare)) return undefined;
    const site = observer.siteOutside(this.#library);
    const known = this.#lines.get(site);
    // of a line that nobody reads, it would not be seen which of its queues are gone
    if (known !== undefined || this.#lines.size >= maxLines || queues.isFull) return known;
    const left = (queue: T | undefined): void => {
      this.#living--;
      if (queue !== undefined) this.#drop(queue);
    };
    const line = new QueueLine<T>({ reader: this.#reader, wallMs: clock.wallMs, left });
    this.#lines.set(site, line);
    this.#unwatches.push(queues.watch({ sort: 'queue', name: this.#nameOf(site), probe: line.probe(), site }));
    return line;
  }

  /** As short as it can be told from the others. */
  #nameOf(site: Site | null): string {
    if (site === null) return this.#library;
    const { file, line, column } = site.frame;
    const place = `${shownPath(file, this.#roots)}:${line}`;
    const short = named(this.#library, place);
    const name = this.#names.has(short) ? named(this.#library, `${place}:${column}`) : short;
    this.#names.add(name);
    return name;
  }
}

const named = (library: string, place: string): string => {
  const room = maxNameLength - library.length - 1;
  return `${library} ${place.length > room ? `…${place.slice(1 - room)}` : place}`;
};
