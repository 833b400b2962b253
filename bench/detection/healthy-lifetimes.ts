import type { Service } from './service.ts';
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
} from './traffic.ts';

/** Lifetimes that do not depend on each other, most of them longer than their request. */
export const iid: Part = (service) => {
  const { random } = service;
  for (let i = random.integer(1, 3); i > 0; i--) {
    const meanMs = random.logBetween(500, 15 * minuteMs);
    const sigma = random.between(0.3, 1.5);
    const draw = random.pick([
      () => random.exponential(meanMs),
      () => random.lognormal(meanMs, sigma),
      () => random.between(0, 2 * meanMs),
    ]);
    openPerRequest(service, anyRoute(random), draw);
  }
};

/** Rate and lifetimes wander slowly, by up to a factor of about thirty, as with a slow upstream. */
export const autocorrelated: Part = (service) => {
  const { random } = service;
  let [load, pace] = [0, 0];
  const keep = Math.exp(-minuteMs / random.logBetween(20 * minuteMs, 6 * hourMs));
  const wander = (): void => {
    load = keep * load + Math.sqrt(1 - keep ** 2) * random.normal();
    pace = keep * pace + Math.sqrt(1 - keep ** 2) * random.normal();
    service.after(minuteMs, wander);
  };
  wander();
  const route = { ...anyRoute(random), shareAt: () => Math.min(1, 0.3 * Math.exp(load)) };
  const medianMs = random.logBetween(1000, 3 * minuteMs);
  openPerRequest(service, route, () => random.lognormal(medianMs * Math.exp(1.2 * pace), 0.7));
};

/** Pareto, α 0.5 to 1.5: there is no longest one. */
export const heavyTailed: Part = (service) => {
  const { random } = service;
  const [alpha, leastMs] = [random.between(0.5, 1.5), random.logBetween(200, 5000)];
  openPerRequest(service, anyRoute(random, random.logBetween(0.005, 0.2)), () => random.pareto(alpha, leastMs));
};

/** Day and night; by day what is opened lives longer, too. */
export const diurnal: Part = (service) => {
  const { random } = service;
  const [shareAt, medianMs] = [daily(random), random.logBetween(1000, 10 * minuteMs)];
  const lifeMs = (): number => random.lognormal(medianMs * shareAt(service.appMs), 0.8);
  openPerRequest(service, { ...anyRoute(random), shareAt }, lifeMs);
};

/** What is opened is held until the next flush, which ends all of it: write-behind batches, upload buffers. */
export const sawTooth: Part = (service) => {
  const { random } = service;
  const [line, route, periodMs] = [anyLine(service), anyRoute(random), random.logBetween(10_000, 10 * minuteMs)];
  serve(service, route, (nursery) => {
    const flushMs = Math.ceil((service.appMs + 1) / periodMs) * periodMs;
    service.open(nursery, line, { endsAtMs: flushMs + random.between(0, 2000), ...rootedAt(line) });
  });
};

/** Quiet, then for some minutes a hundred times as much, which takes its time. */
export const bursts: Part = (service) => {
  const { random } = service;
  let until = 0;
  const burst = (): void => {
    until = service.appMs + random.logBetween(30_000, 10 * minuteMs);
    service.after(random.exponential(random.logBetween(hourMs, 8 * hourMs)), burst);
  };
  service.after(random.exponential(3 * hourMs), burst);
  const [most, quiet] = [random.logBetween(0.5, 5), random.logBetween(0.002, 0.05)];
  const lifeMs = random.logBetween(10_000, 20 * minuteMs);
  const route = { ...anyRoute(random, most), shareAt: () => (service.appMs < until ? 1 : quiet) };
  openPerRequest(service, route, () => random.lognormal(service.appMs < until ? lifeMs : lifeMs / 10, 0.7));
};

/** Once or twice a day an upstream does not answer: what calls it hangs until the end of the outage, or until its time-out. */
export const outages: Part = (service) => {
  const { random } = service;
  let endsAtMs = 0;
  const fail = (): void => {
    endsAtMs = service.appMs + random.logBetween(2 * minuteMs, hourMs);
    service.after(random.exponential(random.between(dayMs / 2, dayMs)), fail);
  };
  service.after(random.exponential(dayMs / 2), fail);
  const timeOutMs = random.pick([Infinity, 10 * minuteMs, 5 * minuteMs, minuteMs]);
  const hangMs = (): number => Math.min(timeOutMs, Math.max(0, endsAtMs - service.appMs));
  for (let i = random.integer(1, 4); i > 0; i--) callUpstream(service, hangMs);
};

/** Calls of one route: when the upstream hangs, either the client gives up long before, or it waits with it. */
function callUpstream(service: Service, hangMs: () => number): void {
  const { random } = service;
  const [line, route, medianMs] = [anyLine(service), anyRoute(random), random.logBetween(50, 20_000)];
  service.arrivals(route.mostPerS, () => {
    const lifeMs = hangMs() + random.lognormal(medianMs, 0.8);
    const requestMs = random.chance(0.5) ? Math.min(lifeMs, 10_000) : lifeMs;
    service.request(route.name, requestMs, (nursery) => {
      service.open(nursery, line, { endsAtMs: service.appMs + lifeMs, ...rootedAt(line) });
    });
  });
}

/** The CPU is away for minutes: sweeps come late, and what should have ended is there at the first of them. */
export const stalls: Part = (service) => {
  const { random } = service;
  const meanMs = random.logBetween(20 * minuteMs, 8 * hourMs);
  const stall = (): void => {
    service.stall(random.logBetween(5000, 5 * minuteMs));
    service.after(random.exponential(meanMs), stall);
  };
  service.after(random.exponential(meanMs), stall);
  iid(service);
};

/** What goes off by itself: time-outs of any length, which are not judged, and sessions that are dropped after a while. */
export const ttlTimers: Part = (service) => {
  const { random } = service;
  const cleared = random.pick([0, 0.5, 0.95]);
  const ttlMs = random.pick([30_000, minuteMs, 5 * minuteMs, 15 * minuteMs, hourMs, 4 * hourMs]);
  const perRequest = (ms: number) => (durationMs: number) => (random.chance(cleared) ? durationMs : ms);
  openPerRequest(service, anyRoute(random), perRequest(ttlMs), service.line('timer', 'setTimeout', 'none'));
  openPerRequest(service, anyRoute(random), perRequest(random.logBetween(10_000, 10 * minuteMs)));
};
