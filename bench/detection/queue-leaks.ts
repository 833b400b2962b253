import type { QueueSort } from '../../src/lifetime/queues.ts';
import type { Constants } from './constants.ts';
import { level } from './healthy-queues.ts';
import type { Random } from './random.ts';
import { Service, sweepMs } from './service.ts';
import { dayMs, hourMs, minuteMs } from './traffic.ts';

/** A queue out of which less comes than goes in, or a collection out of which nothing comes. */
export interface QueueLeak {
  readonly sort: QueueSort;
  readonly pattern: 'linear' | 'stepped' | 'exponential';
  readonly onset: 'boot' | 'late';
}

export const queueLeaks: readonly QueueLeak[] = (['queue', 'collection'] as const).flatMap((sort) =>
  (['linear', 'stepped', 'exponential'] as const).flatMap((pattern) =>
    (['boot', 'late'] as const).map((onset) => ({ sort, pattern, onset })),
  ),
);

export interface QueueLeakRun {
  /** By the first sweep after 15 min, or when it was to have grown by eight deviations of a walk at chance with such steps. */
  readonly inTime: boolean;
  /** From the beginning of the leak on; `Infinity` where it was not found in a day after that. */
  readonly minutes: number;
}

const leastDueMs = 15 * minuteMs + sweepMs;
const surely = 8;

/** One process with one queue that leaks, until it is told, or for a day longer than that may take. */
export function runQueueLeak(leak: QueueLeak, random: Random, constants: Constants): QueueLeakRun {
  const service = new Service(random, constants);
  const { beginsMs, dueMs } = plant(service, leak);
  service.run(dueMs + dayMs, () => service.raised.some(({ atMs }) => atMs >= beginsMs));
  const atMs = service.raised.find((raised) => raised.atMs >= beginsMs)?.atMs ?? Infinity;
  return { inTime: atMs <= dueMs, minutes: (atMs - beginsMs) / minuteMs };
}

function plant(service: Service, leak: QueueLeak): { readonly beginsMs: number; readonly dueMs: number } {
  const { random } = service;
  const beginsMs = leak.onset === 'boot' ? 0 : random.between(1, 4) * hourMs;
  const { perLook, excess, healthy } = trafficOf(leak, random);
  const gainAt = gainsOf(leak, random, perLook * excess);
  const through = perLook * (1 - excess);
  const size = level(service, (waiting, atMs) => {
    if (atMs < beginsMs) return healthy(waiting);
    const gain = random.poisson(gainAt((atMs - beginsMs) / sweepMs));
    return waiting + gain + random.poisson(through) - random.poisson(through);
  });
  service.watch(leak.sort, 'leaky', { size });
  return { beginsMs, dueMs: beginsMs + Math.max(leastDueMs, sureAfter(gainAt, through) * sweepMs) };
}

/** Looks after which it is to have grown by eight deviations of a walk at chance with such steps. */
function sureAfter(gainAt: (look: number) => number, through: number): number {
  let [looks, gain, squares] = [0, 0, 0];
  for (; gain === 0 || gain < surely * Math.sqrt(squares); looks++) {
    const mean = gainAt(looks);
    gain += mean;
    squares += mean + mean ** 2 + 2 * through;
  }
  return looks;
}

/** How much comes a look, the share of it that stays once it leaks, and how it was before. */
function trafficOf({ sort }: QueueLeak, random: Random) {
  const perLook = random.logBetween(0.5, 300);
  if (sort === 'queue') {
    const perLookDone = perLook / random.between(0.5, 0.9);
    const healthy = (size: number): number => size + random.poisson(perLook) - random.poisson(perLookDone);
    return { perLook, excess: random.logBetween(0.05, 1), healthy };
  }
  const before = Math.round(perLook * random.logBetween(1, 60));
  return { perLook, excess: 1, healthy: () => before };
}

/** Steady, all at once each one or two minutes, or doubling each five to fifteen minutes, from a fifth to twentyfold. */
function gainsOf({ pattern }: QueueLeak, random: Random, mean: number): (look: number) => number {
  if (pattern === 'linear') return () => mean;
  if (pattern === 'stepped') {
    const everyLooks = (random.between(1, 2) * minuteMs) / sweepMs;
    const isStep = (look: number): boolean => Math.floor((look + 1) / everyLooks) > Math.floor(look / everyLooks);
    return (look) => (isStep(look) ? mean * everyLooks : 0);
  }
  const doublesInLooks = (random.between(5, 15) * minuteMs) / sweepMs;
  return (look) => Math.min(20 * mean, (mean / 5) * 2 ** (look / doublesInLooks));
}
