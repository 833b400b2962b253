import type { QueueProbe } from '../lifetime/queues.ts';
import type { Arrivals } from './arrivals.ts';

/** How a queue of the library is read: once a sweep, and when the first item is seen to be put in. */
export interface QueueReader<T extends object> {
  /** Items that wait in it now. */
  size(queue: T): number;
  /** Items that it takes at most; `Infinity` without a limit. */
  capacity?(queue: T): number;
}

interface QueueReading {
  readonly size: number;
  readonly capacity: number;
}

/** Items that were put into all queues of a line, those that are gone included. */
export interface Enqueued {
  count: number;
}

/** One queue of the library. It is stamped on that, so it refers to nothing of the running outlive, which may end before. */
export class LineMember<T extends object> {
  readonly ref: WeakRef<T>;
  readonly enqueued: Enqueued;
  readonly arrivals: Arrivals;
  /** Whether its items leave as they came, as far as is known. */
  inOrder = true;

  constructor(queue: T, enqueued: Enqueued, arrivals: Arrivals) {
    this.ref = new WeakRef(queue);
    this.enqueued = enqueued;
    this.arrivals = arrivals;
  }
}

export interface QueueLineOptions<T extends object> {
  readonly reader: QueueReader<T>;
  readonly wallMs: () => number;
  /** Told of one that is followed no more: the queue where it lives and cannot be read, `undefined` where it was collected. */
  readonly left: (queue: T | undefined) => void;
}

/** The queues that one line of the app has made, read together. They are held weakly. */
export class QueueLine<T extends object> {
  readonly enqueued: Enqueued = { count: 0 };
  readonly #members = new Set<LineMember<T>>();
  readonly #o: QueueLineOptions<T>;

  constructor(options: QueueLineOptions<T>) {
    this.#o = options;
  }

  add(member: LineMember<T>): void {
    this.#members.add(member);
  }

  /** For the watch of it, which asks once a sweep. */
  probe(): QueueProbe {
    const sum = (of: (reading: QueueReading) => number): number =>
      this.#readings().reduce((total, [, reading]) => total + of(reading), 0);
    return {
      size: () => sum(({ size }) => size),
      capacity: this.#o.reader.capacity === undefined ? undefined : () => sum(({ capacity }) => capacity),
      oldest: () => this.#oldestMs(),
      enqueued: () => this.enqueued.count,
    };
  }

  #oldestMs(): number | undefined {
    const nowMs = this.#o.wallMs();
    const since = this.#readings().flatMap(([member, { size }]) => {
      const atMs = member.arrivals.oldestMs(size, nowMs);
      if (size === 0) member.inOrder = true;
      return atMs === undefined || !member.inOrder ? [] : [atMs];
    });
    return since.length === 0 ? undefined : Math.min(...since);
  }

  #readings(): (readonly [LineMember<T>, QueueReading])[] {
    return [...this.#members].flatMap((member) => {
      const queue = member.ref.deref();
      const reading = queue === undefined ? undefined : readingOf(queue, this.#o.reader);
      if (reading !== undefined) return [[member, reading] as const];
      this.#members.delete(member);
      this.#o.left(queue);
      return [];
    });
  }
}

/** `undefined` where it cannot be read: a class that extends the library's may have getters of its own. */
export function readingOf<T extends object>(queue: T, { size, capacity }: QueueReader<T>): QueueReading | undefined {
  try {
    const reading = { size: size(queue), capacity: capacity?.(queue) ?? Infinity };
    return reading.size >= 0 && reading.size < Infinity && reading.capacity >= 0 ? reading : undefined;
  } catch {
    return undefined;
  }
}
