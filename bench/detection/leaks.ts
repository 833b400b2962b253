import type { Constants } from './constants.ts';
import { iid } from './healthy-lifetimes.ts';
import type { Random } from './random.ts';
import { type Line, Service } from './service.ts';
import { anyLine, anyRoute, baseTraffic, hourMs, minuteMs, rootedAt, serve } from './traffic.ts';

export const shares = [0.001, 0.003, 0.01, 0.03, 0.1] as const;
export const patterns = ['linear', 'stepped', 'exponential'] as const;
export const onsets = ['boot', 'late'] as const;
export const ratesPerS = [0.2, 1, 5, 50] as const;

export interface Leak {
  readonly share: number;
  readonly pattern: (typeof patterns)[number];
  readonly onset: (typeof onsets)[number];
  readonly ratePerS: number;
}

export const leaks: readonly Leak[] = shares.flatMap((share) =>
  patterns.flatMap((pattern) =>
    onsets.flatMap((onset) => ratesPerS.map((ratePerS) => ({ share, pattern, onset, ratePerS }))),
  ),
);

export interface LeakRun {
  /** By whichever is later: the 60th leaked item, or 15 min after the leak began. */
  readonly inTime: boolean;
  readonly named: boolean;
  /** `Infinity` where it was not found in twice that time. */
  readonly minutes: number;
  readonly leaked: number;
  /** Mean life of the healthy ones of that line, 0 where they end with their request. */
  readonly healthyMs: number;
  /** Findings of other lines. */
  readonly strays: readonly string[];
}

const dueLeaked = 60;
const dueMs = 15 * minuteMs;

/** One service with one line that leaks, until it is told, or for twice as long as that may take. */
export function runLeak(leak: Leak, random: Random, constants: Constants): LeakRun {
  const service = new Service(random, constants);
  const line = anyLine(service);
  const beginsMs = leak.onset === 'boot' ? 0 : random.between(1, 4) * hourMs;
  const leaked = openings(service, line, leak, beginsMs);
  baseTraffic(service);
  iid(service);
  const isIt = ({ finding: { kind, resourceType } }: (typeof service.raised)[number]): boolean =>
    kind === line.type.kind && resourceType === line.type.name;
  const leakedByDue = (): number => leaked.atMs[dueLeaked - 1] ?? Infinity;
  const dueAtMs = (): number => Math.max(beginsMs + dueMs, leakedByDue());
  service.run(
    60 * 24 * hourMs,
    () => service.raised.some(isIt) || service.appMs > beginsMs + 2 * (dueAtMs() - beginsMs),
  );
  const found = service.raised.find((raised) => isIt(raised));
  const atMs = found?.atMs ?? Infinity;
  return {
    inTime: atMs <= dueAtMs(),
    named: found?.finding.site === line.site,
    minutes: (atMs - beginsMs) / minuteMs,
    leaked: leaked.atMs.filter((at) => at <= atMs).length,
    healthyMs: leaked.healthyMs,
    strays: service.raised.filter((raised) => !isIt(raised)).map(({ finding }) => finding.detector),
  };
}

interface Openings {
  /** When those were opened that nobody ever ends. */
  readonly atMs: number[];
  readonly healthyMs: number;
}

/** Requests that open at `line`. */
function openings(service: Service, line: Line, leak: Leak, beginsMs: number): Openings {
  const { random } = service;
  const atMs: number[] = [];
  const stays = patternOf(leak, random, beginsMs);
  const healthyMs = random.pick([0, random.logBetween(100, minuteMs)]);
  const afterIt = random.pick([
    (durationMs: number) => durationMs + random.exponential(healthyMs),
    () => random.lognormal(healthyMs, 0.8),
    () => random.exponential(healthyMs),
  ]);
  const lifeMs = healthyMs === 0 ? (durationMs: number) => durationMs * random.next() : afterIt;
  serve(service, anyRoute(random, leak.ratePerS), (nursery, durationMs) => {
    const isLeak = service.appMs >= beginsMs && stays(service.appMs, atMs.length);
    if (isLeak) atMs.push(service.appMs);
    const endsAtMs = isLeak ? Infinity : service.appMs + lifeMs(durationMs);
    service.open(nursery, line, { endsAtMs, ...rootedAt(line) });
  });
  return { atMs, healthyMs };
}

/** Whether what is opened now stays. Over time the share is that of the leak; the exponential one begins with it. */
function patternOf({ pattern, share, ratePerS }: Leak, random: Random, beginsMs: number) {
  if (pattern === 'linear') return () => random.chance(share);
  // the share doubles with each 20 that have leaked, up to one half
  if (pattern === 'exponential') {
    return (_: number, leaked: number) => random.chance(Math.min(0.5, share * 2 ** (leaked / 20)));
  }
  // all that leaks comes in steps of one or two minutes' worth, of six at least
  const stepMs = Math.max(random.between(1, 2) * minuteMs, (6 / (share * ratePerS)) * 1000);
  const owed = (share * ratePerS * stepMs) / 1000;
  return (appMs: number, leaked: number) => leaked < Math.round(owed) * (1 + Math.floor((appMs - beginsMs) / stepMs));
}
