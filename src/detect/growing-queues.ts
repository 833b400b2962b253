import type { Levels } from '../lifetime/levels.ts';
import type { QueueSort, Queues, WatchedQueue } from '../lifetime/queues.ts';
import type { Charge, Detector } from './detector.ts';
import type { Rate } from './finding.ts';
import type { Exhaustion } from './memory-outlook.ts';
import { hoursText } from './memory-wording.ts';
import type { Estimate } from './statistics/estimate.ts';
import { growthRate, lateOverEarly, risesIn } from './statistics/growth.ts';
import { timeToLimit } from './statistics/time-to-limit.ts';

/** What a level must show before it is called a growth that does not end. */
export interface GrowthRule {
  /** Windows of 8 sweeps that are looked at: a burst is over before. */
  readonly windows: number;
  /** Steps from window to window that may go down or stay. */
  readonly maxFlatSteps: number;
  /** Slope of the later half over the earlier half: what warms up slows down. */
  readonly minLateOverEarly: number;
  /** Items by which the floor must have risen, and that as a share of where it was. */
  readonly minGain: number;
  readonly minGainShare: number;
}

const rules: Readonly<Record<QueueSort, GrowthRule>> = {
  queue: { windows: 8, maxFlatSteps: 1, minLateOverEarly: 0.5, minGain: 16, minGainShare: 0.25 },
  // a cache warms up for longer than a burst lasts
  collection: { windows: 16, maxFlatSteps: 2, minLateOverEarly: 0.7, minGain: 64, minGainShare: 0.5 },
};

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
 * Watched queues and collections that grow and do not drain: the floor of their windows rises window by window, does not
 * slow down, and it is no rise of a sort that was seen to drain before.
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
    const rate = growthRate(queue.levels.windows.slice(-rules[queue.sort].windows));
    return Math.max(0, (rate?.value ?? 0) / 3600);
  }

  #accuse(queue: WatchedQueue, sweep: number): void {
    const { sort, size, capacity, levels } = queue;
    // a collection that knows its bound and keeps it, such as an LRU cache, only fills up
    if (sort === 'collection' && capacity !== undefined && size <= capacity) return;
    const rate = unendingGrowth(levels, rules[sort]);
    if (rate === undefined) return;
    this.#accused.set(queue, { atSize: size, high: size, highSweep: sweep, rate, outcome: 'resolved' });
  }
}

/** How fast a level grows, where by all that is known of it the growth does not end by itself. */
export function unendingGrowth(levels: Levels, rule: GrowthRule): Rate | undefined {
  const windows = levels.windows.slice(-rule.windows);
  const [first, last] = [windows.at(0), windows.at(-1)];
  if (windows.length < rule.windows || first === undefined || last === undefined) return undefined;
  if (risesIn(windows) < rule.windows - 1 - rule.maxFlatSteps || risesIn(windows.slice(-2)) === 0) return undefined;
  if (last.min - first.max < Math.max(rule.minGain, rule.minGainShare * first.max)) return undefined;
  if (!levels.beyondPast || lateOverEarly(windows) < rule.minLateOverEarly) return undefined;
  const rate = growthRate(windows);
  return rate !== undefined && rate.low > 0 ? rate : undefined;
}

function isOver({ sort, size, levels }: WatchedQueue, accused: Accused, sweep: number): boolean {
  if (size <= accused.atSize / 2) return true;
  if (size > accused.high) {
    accused.high = size;
    accused.highSweep = sweep;
    accused.rate = growthRate(levels.windows.slice(-rules[sort].windows)) ?? accused.rate;
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
