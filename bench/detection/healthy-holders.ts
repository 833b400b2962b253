import type { Nursery } from '../../src/lifetime/nursery.ts';
import type { Thing } from './thing.ts';
import {
  anyLine,
  anyRoute,
  daily,
  dayMs,
  hourMs,
  minuteMs,
  openPerRequest,
  type Part,
  rootedAt,
  serve,
  use,
} from './traffic.ts';

/** A client for each key that is seen, kept for good: some keys come often, new ones get rare. Of some kinds no use can be seen. */
export const cacheWarmUp: Part = (service) => {
  const { random } = service;
  const [line, size, showsUse] = [anyLine(service), Math.round(random.logBetween(5, 500)), random.chance(0.5)];
  const byKey = new Map<number, Thing>();
  serve(service, anyRoute(random), (nursery) => {
    const key = random.zipf(size);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, service.open(nursery, line, { endsAtMs: Infinity, ...rootedAt(line) }));
    else if (showsUse) use(known);
  });
};

/** A client for each key, closed after a while without use, or when there are too many. */
export const keyedCache: Part = (service) => {
  const { random } = service;
  const [line, keys, most] = [anyLine(service), Math.round(random.logBetween(10, 2000)), random.integer(10, 500)];
  const showsUse = random.chance(0.5);
  const idleMs = random.logBetween(minuteMs, showsUse ? 2 * hourMs : 10 * minuteMs);
  const byKey = new Map<number, Thing>();
  serve(service, anyRoute(random), (nursery) => {
    const key = random.zipf(keys);
    const held = byKey.get(key);
    const known = held !== undefined && held.endsAtMs > service.appMs ? held : undefined;
    const thing = known ?? service.open(nursery, line, { endsAtMs: 0, ...rootedAt(line) });
    thing.endsAtMs = service.appMs + idleMs;
    if (showsUse && known !== undefined) use(known);
    byKey.delete(key);
    byKey.set(key, thing);
    const oldest = byKey.keys().next();
    if (byKey.size > most && oldest.done !== true) {
      const evicted = byKey.get(oldest.value);
      if (evicted !== undefined) evicted.endsAtMs = Math.min(evicted.endsAtMs, service.appMs);
      byKey.delete(oldest.value);
    }
  });
};

/** Grows to what runs at once, within the request that needs one more; the last returned is the first taken. */
export const pools: Part = (service) => {
  const { random } = service;
  const [line, most] = [anyLine(service), random.integer(2, 100)];
  const idleMs = random.pick([Infinity, 10_000, minuteMs, 10 * minuteMs]);
  const idle: Thing[] = [];
  let size = 0;
  const route = { ...anyRoute(random, random.logBetween(0.05, 2)), shareAt: daily(random) };
  const busyMs = random.logBetween(20, 20_000);
  serve(service, { ...route, durationMs: () => random.lognormal(busyMs, 1) }, (nursery, durationMs) => {
    while (idle[0] !== undefined && idle[0].endsAtMs <= service.appMs) {
      idle.shift();
      size--;
    }
    const thing =
      idle.pop() ?? (size < most ? service.open(nursery, line, { endsAtMs: 0, ...rootedAt(line) }) : undefined);
    if (thing === undefined) return;
    if (thing.endsAtMs === 0) size++;
    thing.endsAtMs = Infinity;
    use(thing);
    service.after(durationMs, () => {
      thing.endsAtMs = service.appMs + idleMs;
      idle.push(thing);
    });
  });
};

/** Long-lived connections, opened in an upgrade that is over at once: some chat, some only ping, one in a hundred is silent. */
export const webSockets: Part = (service) => {
  const { random } = service;
  const line = anyLine(service, 'socket');
  const medianMs = random.logBetween(10 * minuteMs, 8 * hourMs);
  const pingMs = random.logBetween(5000, 10 * minuteMs);
  const route = { ...anyRoute(random, random.logBetween(0.002, 0.1)), shareAt: daily(random) };
  serve(service, route, (nursery) => {
    const endsAtMs = service.appMs + random.lognormal(medianMs, 1.3);
    const usedEveryMs = random.chance(0.01) ? Infinity : random.exponential(pingMs) + 100;
    service.open(nursery, line, { endsAtMs, usedEveryMs, rooted: true });
  });
};

/** Each made at the first call that needs it, some hours in, and kept for good. Some lines make one for each of some names. */
export const singletons: Part = (service) => {
  const { random } = service;
  for (let i = random.integer(2, 30); i > 0; i--) {
    const line = anyLine(service);
    const name = `GET /${random.integer(1, 1e6)}`;
    const showsUse = random.chance(0.5);
    for (let n = random.chance(0.8) ? 1 : random.integer(2, 5); n > 0; n--) {
      service.after(random.exponential(random.logBetween(10 * minuteMs, dayMs)), () => {
        service.request(name, random.lognormal(200, 1), (nursery) => {
          const usedEveryMs = showsUse ? random.logBetween(1000, hourMs) : Infinity;
          service.open(nursery, line, { endsAtMs: Infinity, usedEveryMs, ...rootedAt(line) });
        });
      });
    }
  }
};

/** Loops without a scope: each turn opens and ends; pollers that a request has started, whose turns are in the background. */
export const backgroundLoops: Part = (service) => {
  const { random } = service;
  for (let i = random.integer(1, 4); i > 0; i--) {
    const [line, everyMs] = [anyLine(service), random.logBetween(2000, 10 * minuteMs)];
    const lifeMs = random.logBetween(10, 30 * minuteMs);
    const startsInRequest = random.chance(0.5);
    service.after(random.exponential(30 * minuteMs), () => {
      let home = service.ledger.root;
      if (startsInRequest) service.request('GET /start', 500, (nursery) => (home = nursery));
      const turn = (): void => {
        service.open(home, line, { endsAtMs: service.appMs + random.lognormal(lifeMs, 0.8), ...rootedAt(line) });
        service.after(everyMs * random.between(0.8, 1.2), turn);
      };
      service.after(everyMs, turn);
    });
  }
};

/** A warm start: the first calls of some routes open what they need, a number that is soon reached, for good. */
export const warmStart: Part = (service) => {
  const { random } = service;
  for (let i = random.integer(2, 6); i > 0; i--) {
    const [line, showsUse, usedMs] = [anyLine(service), random.chance(0.5), random.logBetween(1000, 5 * minuteMs)];
    const [count, overMs] = [random.integer(1, 60), random.logBetween(1000, 5 * minuteMs)];
    const isRequest = random.chance(0.7);
    let opened = 0;
    const openOne = (nursery: Nursery): void => {
      if (opened++ >= count) return;
      const usedEveryMs = showsUse ? usedMs : Infinity;
      service.open(nursery, line, { endsAtMs: Infinity, usedEveryMs, ...rootedAt(line) });
    };
    const warmUp = anyRoute(random, 0.05);
    if (isRequest) serve(service, warmUp, openOne);
    for (let n = 0; n < count; n++) {
      service.after(random.between(0, overMs), () => {
        if (isRequest) service.request(warmUp.name, 200, openOne);
        else openOne(service.ledger.root);
      });
    }
  }
  openPerRequest(service, anyRoute(random), (durationMs) => durationMs + random.exponential(minuteMs));
};
