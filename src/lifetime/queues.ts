import { Drift } from './drift.ts';
import { Levels } from './levels.ts';
import { QueueFlow } from './queue-flow.ts';
import type { Site } from './site.ts';

/** How the app's queue is read: its own callbacks, called once a sweep. */
export interface QueueProbe {
  /** Items that wait in it now. */
  size(): number;
  /** Items that it takes at most. */
  readonly capacity?: number | (() => number) | undefined;
  /** When the item that waits longest was put in: wall-clock ms since the epoch, or a Date; `undefined` while it is empty. */
  readonly oldest?: (() => number | Date | undefined) | undefined;
  /** Items that were put in so far, a running total: of this and `dequeued` one is enough, the other follows from `size`. */
  readonly enqueued?: (() => number) | undefined;
  /** Items that were taken out so far, a running total. */
  readonly dequeued?: (() => number) | undefined;
}

export type QueueSort = 'queue' | 'collection';

/** Ends the watch; with `using`, at the end of the block. */
export type Unwatch = (() => void) & Disposable;

export interface QueuesOptions {
  readonly wallMs: () => number;
  /** Told once of a callback that threw or gave no number; its watch is over. */
  readonly failed: (name: string, error: unknown) => void;
}

const maxQueues = 200;

/** All watches of one name together: a queue each tenant has is one queue to the reader. */
export class WatchedQueue {
  readonly sort: QueueSort;
  readonly name: string;
  /** The line that watches it. */
  readonly site: Site | null;
  readonly levels = new Levels();
  readonly drift = new Drift();
  readonly probes = new Map<QueueProbe, QueueFlow>();
  size = 0;
  capacity: number | undefined = undefined;
  /** How long the oldest item has waited. */
  oldestAgeMs: number | undefined = undefined;

  /** What went in and out by watches of this name that are over. */
  #past = { enqueued: 0, dequeued: 0 };

  constructor(sort: QueueSort, name: string, site: Site | null) {
    this.sort = sort;
    this.name = name;
    this.site = site;
  }

  /** Running totals, where each of its watches counts; `undefined` where one does not. */
  get flow(): { readonly enqueued: number; readonly dequeued: number } | undefined {
    let { enqueued, dequeued } = this.#past;
    for (const flow of this.probes.values()) {
      if (flow.enqueued === undefined || flow.dequeued === undefined) return undefined;
      enqueued += flow.enqueued;
      dequeued += flow.dequeued;
    }
    return { enqueued, dequeued };
  }

  /** @returns whether it was watched by that */
  end(probe: QueueProbe): boolean {
    const { enqueued = 0, dequeued = 0 } = this.probes.get(probe) ?? {};
    this.#past = { enqueued: this.#past.enqueued + enqueued, dequeued: this.#past.dequeued + dequeued };
    return this.probes.delete(probe);
  }
}

/** The queues and collections that the app has watched. Refers to nothing of it but the callbacks, until the watch ends. */
export class Queues {
  readonly #o: QueuesOptions;
  readonly #queues = new Map<string, WatchedQueue>();
  /** Watches that ended because a callback of theirs failed. */
  failures = 0;
  /** Watches that found no room. */
  dropped = 0;

  constructor(options: QueuesOptions) {
    this.#o = options;
  }

  get isEmpty(): boolean {
    return this.#queues.size === 0;
  }

  /** No other name finds room. */
  get isFull(): boolean {
    return this.#queues.size >= maxQueues;
  }

  watch(o: { sort: QueueSort; name: string; probe: QueueProbe; site: Site | null }): Unwatch {
    const key = `${o.sort} ${o.name}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      if (this.isFull) {
        this.dropped++;
        return unwatchBy(() => {});
      }
      this.#queues.set(key, (queue = new WatchedQueue(o.sort, o.name, o.site)));
    }
    const { capacity, oldest, enqueued, dequeued } = o.probe;
    const probe: QueueProbe = {
      size: () => o.probe.size(),
      capacity,
      oldest,
      // not by `bind`: of what is no function that would throw into the app, a reading that fails is told
      enqueued: enqueued ? () => enqueued.call(o.probe) : undefined,
      dequeued: dequeued ? () => dequeued.call(o.probe) : undefined,
    };
    queue.probes.set(probe, new QueueFlow());
    return unwatchBy(() => this.#end(key, probe));
  }

  [Symbol.iterator](): Iterator<WatchedQueue> {
    return this.#queues.values();
  }

  /** Reads each queue once. Each `undefined` is a place where it may pause. */
  *sample(nowMs: number): Iterable<undefined> {
    for (const [key, queue] of this.#queues) {
      yield;
      const readings = [...queue.probes].flatMap(([probe, flow]) => this.#read(key, queue, probe, flow));
      if (readings.length === 0) continue;
      queue.size = readings.reduce((sum, { size }) => sum + size, 0);
      queue.capacity = readings.reduce<number | undefined>(
        (sum, { capacity }) => (sum === undefined || capacity === undefined ? undefined : sum + capacity),
        0,
      );
      const ages = readings.flatMap(({ ageMs }) => (ageMs === undefined ? [] : [ageMs]));
      queue.oldestAgeMs = ages.length === 0 ? undefined : Math.max(...ages, 0);
      queue.levels.add(queue.size, nowMs);
      queue.drift.add(queue.size, nowMs, queue.levels.riseSweeps === 0);
    }
  }

  #read(key: string, queue: WatchedQueue, probe: QueueProbe, flow: QueueFlow): Reading[] {
    try {
      const reading = readingOf(probe, this.#o.wallMs());
      flow.read(reading.size, countedBy('enqueued', probe.enqueued), countedBy('dequeued', probe.dequeued));
      return [reading];
    } catch (error) {
      this.failures++;
      this.#end(key, probe);
      this.#o.failed(queue.name, error);
      return [];
    }
  }

  #end(key: string, probe: QueueProbe): void {
    const queue = this.#queues.get(key);
    if (queue?.end(probe) === true && queue.probes.size === 0) this.#queues.delete(key);
  }
}

interface Reading {
  readonly size: number;
  readonly capacity: number | undefined;
  readonly ageMs: number | undefined;
}

function readingOf({ size, capacity, oldest }: QueueProbe, wallMs: number): Reading {
  const at = oldest?.();
  return {
    size: counted('size', size()),
    capacity: capacity === undefined ? undefined : capacityOf(typeof capacity === 'function' ? capacity() : capacity),
    ageMs: at === undefined ? undefined : Math.max(0, wallMs - counted('oldest', Number(at))),
  };
}

function counted(what: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new TypeError(
    `Expected \`${what}\` to give a finite number >= 0, got ${typeof value === 'number' ? value : typeof value}`,
  );
}

const countedBy = (what: string, count: (() => number) | undefined): number | undefined =>
  count === undefined ? undefined : counted(what, count());

/** `Infinity` says that there is none. */
const capacityOf = (value: number): number | undefined => (value === Infinity ? undefined : counted('capacity', value));

function unwatchBy(end: () => void): Unwatch {
  let watched = true;
  const unwatch = (): void => {
    if (watched) end();
    watched = false;
  };
  return Object.assign(unwatch, { [Symbol.dispose]: unwatch });
}
