import { windowSweeps } from '../lifetime/levels.ts';
import type { Queues, WatchedQueue } from '../lifetime/queues.ts';
import type { Charge, Detector } from './detector.ts';
import type { Rate } from './finding.ts';
import type { Exhaustion } from './memory-outlook.ts';
import { hoursText } from './memory-wording.ts';
import { recentGrowth, unendingGrowth } from './queue-growth.ts';
import type { Estimate } from './statistics/estimate.ts';
import { timeToLimit } from './statistics/time-to-limit.ts';

/** Windows without a new high after which a collection is full, not growing. */
const fullAfterSweeps = 128;
const criticalHours = 1 / 6;

interface Accused {
  readonly atSize: number;
  high: number;
  highSweep: number;
  rate: Rate | undefined;
  outcome: 'resolved' | 'retracted';
}

/**
 * Watched queues and collections that grow and do not drain: the floor of their windows rises, in windows of 8 to 512 sweeps,
 * and does not slow down, no walk at chance goes that far, and it is no rise of a sort that was seen to drain before.
 */
export class GrowingQueues implements Detector {
  readonly name = 'growing-queues';
  readonly #queues: Queues;
  readonly #exhaustion: () => Exhaustion | undefined;
  readonly #accused = new Map<WatchedQueue, Accused>();

  /** @param exhaustion when memory is full: where a queue without a bound ends */
  constructor(queues: Queues, exhaustion: () => Exhaustion | undefined = () => undefined) {
    this.#queues = queues;
    this.#exhaustion = exhaustion;
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    if (this.#queues.isEmpty && this.#accused.size === 0) return;
    yield* this.#queues.sample(nowMs);
    const watched = new Set(this.#queues);
    for (const queue of watched) {
      yield;
      const accused = this.#accused.get(queue);
      if (accused === undefined) this.#accuse(queue, sweep);
      else if (isOver(queue, accused, sweep)) this.#accused.delete(queue);
    }
    for (const [queue, accused] of this.#accused) {
      if (watched.has(queue)) yield chargeOf(queue, accused, this.#exhaustion());
      else this.#accused.delete(queue);
    }
  }

  /** Items a second that a queue gains now; 0 while its growth is not established. */
  growthPerS(queue: WatchedQueue): number {
    if (!this.#accused.has(queue)) return 0;
    const rate = recentGrowth(queue);
    return Math.max(0, (rate?.value ?? 0) / 3600);
  }

  #accuse(queue: WatchedQueue, sweep: number): void {
    const { sort, size, capacity, levels } = queue;
    if (levels.sweeps % windowSweeps !== 0) return;
    // a collection that knows its bound and keeps it, such as an LRU cache, only fills up
    if (sort === 'collection' && capacity !== undefined && size <= capacity) return;
    const rate = unendingGrowth(queue);
    if (rate === undefined) return;
    this.#accused.set(queue, { atSize: size, high: size, highSweep: sweep, rate, outcome: 'resolved' });
  }
}

function isOver(queue: WatchedQueue, accused: Accused, sweep: number): boolean {
  const { sort, size } = queue;
  if (size <= accused.atSize / 2) return true;
  if (size > accused.high) {
    accused.high = size;
    accused.highSweep = sweep;
    accused.rate = recentGrowth(queue) ?? accused.rate;
  }
  if (sort !== 'collection' || sweep - accused.highSweep < fullAfterSweeps) return false;
  accused.outcome = 'retracted';
  return true;
}

function chargeOf(queue: WatchedQueue, accused: Accused, exhaustion: Exhaustion | undefined): Charge {
  const { sort, name, site, size, oldestAgeMs = 0 } = queue;
  const hoursLeft = hoursToCapacity(queue, accused.rate);
  const soonestEnd = Math.min(hoursLeft?.value ?? Infinity, exhaustion?.hours ?? Infinity);
  return {
    key: `growth ${sort} ${name}`,
    whenGone: () => accused.outcome,
    suspicion: {
      type: sort === 'queue' ? 'growing_queue' : 'growing_collection',
      detector: 'growth',
      certainty: 'likely',
      severity: soonestEnd < criticalHours ? 'critical' : 'warning',
      kind: sort,
      resourceType: name,
      site,
      scopeName: undefined,
      count: size,
      opened: 0,
      bytes: 0,
      oldestAgeMs,
      rate: accused.rate,
      pattern: 'linear',
      trace: undefined,
      advice:
        sort === 'queue'
          ? queueAdvice(queue, accused.rate, hoursLeft, exhaustion)
          : `bound it: evict by age or size, or clear it with its owner${endText(queue, hoursLeft, exhaustion)}`,
      retainedBy: undefined,
    },
  };
}

function hoursToCapacity({ size, capacity }: WatchedQueue, rate: Rate | undefined): Estimate | undefined {
  if (capacity === undefined || rate === undefined || rate.value <= 0) return undefined;
  return timeToLimit(size, capacity, rate);
}

function queueAdvice(
  queue: WatchedQueue,
  rate: Rate | undefined,
  hoursLeft: Estimate | undefined,
  exhaustion: Exhaustion | undefined,
): string {
  const flow = `more goes in than comes out${flowText(queue, rate)}`;
  return `${flow}: add consumers, take batches, or refuse work while it is long${endText(queue, hoursLeft, exhaustion)}`;
}

/**
 * Where the first in is the first out, all that waits came in since the oldest item did (Little, Operations Research 9
 * (1961) 383): so many a second come in, and what the queue does not gain goes out.
 */
function flowText({ size, oldestAgeMs = 0 }: WatchedQueue, rate: Rate | undefined): string {
  if (oldestAgeMs <= 0 || size === 0 || rate === undefined) return '';
  const inPerS = (size * 1000) / oldestAgeMs;
  const outPerS = Math.max(0, inPerS - rate.value / 3600);
  return ` (about ${figure(inPerS)} in and ${figure(outPerS)} out a second)`;
}

const figure = (value: number): string => String(Number(value.toPrecision(2)));

/** When its capacity is reached, or else memory is full. */
function endText(
  { capacity }: WatchedQueue,
  hoursLeft: Estimate | undefined,
  exhaustion: Exhaustion | undefined,
): string {
  if (hoursLeft?.value === 0) return `; its capacity of ${capacity} is reached`;
  if (hoursLeft !== undefined) return `; its capacity of ${capacity} is reached in ${spanText(hoursLeft)}`;
  if (exhaustion === undefined) return '';
  const { hours, soonestHours, latestHours } = exhaustion;
  return `; it has no capacity, and memory is full in ${spanText({ value: hours, low: soonestHours, high: latestHours })}`;
}

const spanText = ({ value, low, high }: Estimate): string =>
  `about ${hoursText(value)} (95 %: ${hoursText(low)} to ${hoursText(high)})`;
