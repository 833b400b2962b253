import { sweepMs, type Service } from './service.ts';
import { daily, dayMs, hourMs, minuteMs, type Part } from './traffic.ts';
import { newKeyShare } from './zipf.ts';

/** A level that changes from one look to the next. */
export function level(service: Service, next: (size: number, atMs: number) => number): () => number {
  let [size, seenMs] = [0, 0];
  return () => {
    for (; seenMs + sweepMs <= service.appMs; seenMs += sweepMs) size = Math.max(0, next(size, seenMs));
    return size;
  };
}

/** Work comes and is done: by day nearly as much comes as can be done, bursts come on top, and all of it drains. */
const workQueue: Part = (service) => {
  const { random } = service;
  const [perLook, shareAt] = [random.logBetween(0.5, 300), daily(random)];
  const capacity = perLook * random.between(1.02, 2);
  let burst = 0;
  const size = level(service, (waiting) => {
    if (random.chance(sweepMs / (6 * hourMs))) burst = perLook * random.logBetween(10, 300);
    const arrived = random.poisson(perLook * shareAt(service.appMs)) + Math.round(Math.min(burst, 20 * perLook));
    burst = Math.max(0, burst - 20 * perLook);
    return waiting + arrived - random.poisson(capacity);
  });
  service.watch('queue', 'work', { size });
};

/** Filled by a job now and then and worked off at leisure. */
const batchQueue: Part = (service) => {
  const { random } = service;
  const [everyMs, items] = [random.logBetween(20 * minuteMs, dayMs), random.logBetween(50, 100_000)];
  // on average two jobs' worth could be done before the next one
  const [fillLooks, drainLooks] = [random.integer(1, 60), random.between(0.1, 0.5) * (everyMs / sweepMs)];
  let filling = 0;
  const size = level(service, (waiting) => {
    if (random.chance(sweepMs / everyMs) && filling === 0) filling = fillLooks;
    const more = filling > 0 ? items / fillLooks : 0;
    filling = Math.max(0, filling - 1);
    return Math.round(waiting + more * random.between(0.5, 1.5)) - random.poisson(items / drainLooks);
  });
  service.watch('queue', 'batches', { size });
};

/** A map that meets its keys, ever fewer new ones, and one that holds what it holds for minutes. */
const collections: Part = (service) => {
  const { random } = service;
  const perLook = random.logBetween(0.5, 300);
  // warm within the hour: a map that meets new keys for days is one to be told of
  const keys = Math.max(50, perLook * random.logBetween(10, 120));
  let draws = 0;
  const warm = level(service, (size) => {
    draws += perLook;
    return size + random.poisson(perLook * newKeyShare(draws, keys));
  });
  service.watch('collection', 'cache', { size: warm });
  const [ttlLooks, shareAt] = [random.integer(6, 90), daily(random)];
  const held = level(
    service,
    (size) => size + random.poisson(perLook * shareAt(service.appMs)) - random.poisson(size / ttlLooks),
  );
  service.watch('collection', 'sessions', { size: held });
};

export const queues: Part = (service) => {
  workQueue(service);
  batchQueue(service);
  collections(service);
};
