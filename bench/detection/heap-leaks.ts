import type { Finding } from '../../src/detect/finding.ts';
import { cache, drift, leakHolder, perRequest, warmUp } from './holders.ts';
import { serviceWithRoom } from './memory-service.ts';
import type { Random } from './random.ts';
import { frameOf } from './sampled-heap.ts';
import { hourMs } from './traffic.ts';

export const heapRates = [2, 10, 50, 200] as const;
export const heapPatterns = ['linear', 'stepped', 'exponential'] as const;
const onsets = ['boot', 'late'] as const;

export interface GrowingHeap {
  readonly mbPerHour: (typeof heapRates)[number];
  readonly pattern: (typeof heapPatterns)[number];
  readonly onset: (typeof onsets)[number];
}

export const growingHeaps: readonly GrowingHeap[] = heapRates.flatMap((mbPerHour) =>
  heapPatterns.flatMap((pattern) => onsets.map((onset) => ({ mbPerHour, pattern, onset }))),
);

export interface HeapLeakRun {
  /** Hours from the beginning of the leak until its line is told, `Infinity` for never. */
  readonly namedHours: number;
  /** Lines told that do not leak. */
  readonly wronglyNamed: number;
  /** Hours from the first word on the limit until the limit was reached; 0 where it came without one, `NaN` where it was not reached. */
  readonly leadHours: number;
  /** The rate that was told of the line over the true one, of a linear leak; and whether its interval covers that. */
  readonly rateRatio: number;
  readonly rateIsCovered: boolean;
}

const longestHours = 48;
/** What it rightly holds. */
const holdersOf = [warmUp, cache, drift, perRequest];

/** One process with a leak of its heap beside what it rightly holds, until it is out of memory, or for two days. */
export function runHeapLeak({ mbPerHour, pattern, onset }: GrowingHeap, random: Random): HeapLeakRun {
  const beginsMs = onset === 'boot' ? 0 : random.between(2, 8) * hourMs;
  const lifeMs = beginsMs + longestHours * hourMs;
  const leak = leakHolder({ bytesPerHour: mbPerHour * 1e6, pattern, beginsMs });
  const service = serviceWithRoom({ random, holdersOf, lifeMs, room: random.logBetween(1.4, 4), leak });
  while (!service.isExhausted && service.appMs < lifeMs) service.step();
  const places = service.raised.filter(({ finding }) => finding.type === 'heap_growth');
  const isIt = ({ site }: Finding): boolean => site?.frame.line === frameOf(holdersOf.length).line;
  const named = places.find(({ finding }) => isIt(finding));
  const told = service.raised.find(({ finding, atMs }) => finding.type === 'memory_limit' && atMs >= beginsMs);
  const rate = named?.finding.rate;
  return {
    namedHours: named === undefined ? Infinity : (named.atMs - beginsMs) / hourMs,
    wronglyNamed: places.filter(({ finding }) => !isIt(finding)).length,
    leadHours: service.isExhausted ? (service.appMs - (told?.atMs ?? service.appMs)) / hourMs : NaN,
    rateRatio: rate === undefined || pattern !== 'linear' ? NaN : rate.value / (mbPerHour * 1e6),
    rateIsCovered: rate !== undefined && rate.low <= mbPerHour * 1e6 && mbPerHour * 1e6 <= rate.high,
  };
}
