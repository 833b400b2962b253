import type { Random } from './random.ts';
import { dayMs, hourMs, minuteMs } from './traffic.ts';
import { newKeyShare } from './zipf.ts';

export const stepMs = 10_000;
const mb = 1e6;

/** Something that keeps memory alive. */
export interface Holder {
  /** Bytes that it holds now, asked every 10 s of the app's time; `inFlight` pieces of work are under way. */
  readonly bytesAt: (appMs: number, inFlight: number) => number;
  /** Of what it holds, the share that is exchanged for new in 10 s. */
  readonly exchanged: number;
}

export type HolderOf = (random: Random) => Holder;

/** What loads once and what gets compiled: fast at first, then ever slower. */
export const warmUp: HolderOf = (random) => {
  const [most, paceMs] = [random.logBetween(5, 200) * mb, random.logBetween(minuteMs, 40 * minuteMs)];
  return { bytesAt: (appMs) => most * (1 - Math.exp(-appMs / paceMs)), exchanged: 0 };
};

/** A cache of keys of which some come often: it meets ever fewer new ones, up to its bound, then exchanges some. */
export const cache: HolderOf = (random) => {
  const [keys, perEntry] = [random.logBetween(1000, 100_000), random.logBetween(500, 20_000)];
  // nearly all met within half a day: what meets new ones for days is to be told of
  const perStep = Math.max(random.logBetween(1, 200), (keys * Math.log(keys)) / (dayMs / 2 / stepMs));
  const bound = keys * random.between(0.2, 1);
  let [draws, held] = [0, 0];
  const bytesAt = (): number => {
    held = Math.min(bound, held + perStep * newKeyShare(draws, keys));
    draws += perStep;
    return perEntry * held;
  };
  return { bytesAt, exchanged: random.pick([0, 0.001, 0.01]) };
};

/** Batches that fill up and are flushed. */
export const batches: HolderOf = (random) => {
  const [most, periodMs] = [random.logBetween(2, 100) * mb, random.logBetween(5 * minuteMs, hourMs)];
  return { bytesAt: (appMs) => (most * (appMs % periodMs)) / periodMs, exchanged: 0 };
};

/** Sessions and buffers, in proportion to the work under way. */
export const perRequest: HolderOf = (random) => {
  const each = random.logBetween(10_000, 500_000);
  return { bytesAt: (_, inFlight) => each * inFlight, exchanged: 0.9 };
};

/** Now and then a payload as large as they come. */
export const payloads: HolderOf = (random) => {
  const [shareOfSteps, alpha] = [random.logBetween(0.001, 0.1), random.between(0.8, 2)];
  const bytesAt = (): number => (random.chance(shareOfSteps) ? Math.min(300 * mb, random.pareto(alpha, mb)) : 0);
  return { bytesAt, exchanged: 1 };
};

/** What drifts back and forth around a mean. */
export const drift: HolderOf = (random) => {
  const keep = Math.exp(-stepMs / random.logBetween(2 * minuteMs, 6 * hourMs));
  const spread = random.logBetween(0.5, 20) * mb;
  let at = 0;
  const bytesAt = (): number => {
    at = keep * at + Math.sqrt(1 - keep ** 2) * random.normal();
    return spread * Math.max(0, 3 + at);
  };
  return { bytesAt, exchanged: 0.01 };
};

/** Every other day a new tenant, a new model: more, at once, for good. */
export const steps: HolderOf = (random) => {
  let held = 0;
  const bytesAt = (): number => {
    if (random.chance(stepMs / (2 * dayMs))) held += random.logBetween(1, 50) * mb;
    return held;
  };
  return { bytesAt, exchanged: 0 };
};

export interface HeapLeak {
  readonly bytesPerHour: number;
  readonly pattern: 'linear' | 'stepped' | 'exponential';
  readonly beginsMs: number;
}

/** What is never let go; the stepped one comes every five minutes, the exponential one doubles its pace every two hours. */
export function leakHolder({ bytesPerHour, pattern, beginsMs }: HeapLeak): Holder {
  const bytesAt = (appMs: number): number => {
    const hours = Math.max(0, appMs - beginsMs) / hourMs;
    if (pattern === 'linear') return bytesPerHour * hours;
    if (pattern === 'stepped') return (bytesPerHour * Math.floor(hours * 12)) / 12;
    return (bytesPerHour * 2 * (2 ** (hours / 2) - 1)) / Math.LN2;
  };
  return { bytesAt, exchanged: 0 };
}
