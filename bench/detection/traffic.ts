import type { Kind } from '../../src/lifetime/kind.ts';
import type { Nursery } from '../../src/lifetime/nursery.ts';
import type { Random } from './random.ts';
import type { Line, Service } from './service.ts';
import type { Thing } from './thing.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Something that a service does. */
export type Part = (service: Service) => void;

const kinds: readonly [Kind, ...Kind[]] = [
  'stream',
  'web_stream',
  'http.response_body',
  'client',
  'lease',
  'socket',
  'file',
  'timer',
];
/** What stays whether or not anybody refers to it. */
const isRooted: ReadonlySet<Kind> = new Set<Kind>(['socket', 'timer', 'file']);

export const anyLine = (service: Service, kind: Kind = service.random.pick(kinds)): Line =>
  service.line(kind, `lib${service.random.integer(1, 1e6)}.Thing`);

export const rootedAt = ({ type }: Line): { rooted: boolean } => ({ rooted: isRooted.has(type.kind) });

/** Requests of one route and what each of them opens. */
export interface Route {
  readonly name: string;
  readonly mostPerS: number;
  readonly shareAt?: (appMs: number) => number;
  /** Duration of one request. */
  readonly durationMs: () => number;
}

export function anyRoute(random: Random, mostPerS = random.logBetween(0.01, 0.5)): Route {
  const medianMs = random.logBetween(5, 3000);
  return {
    name: `GET /${random.integer(1, 1e6)}`,
    mostPerS,
    durationMs: () => random.lognormal(medianMs, 1),
  };
}

export function serve(service: Service, route: Route, handle: (nursery: Nursery, durationMs: number) => void): void {
  const arrive = (): void => {
    const durationMs = route.durationMs();
    service.request(route.name, durationMs, (nursery) => handle(nursery, durationMs));
  };
  service.arrivals(route.mostPerS, arrive, route.shareAt);
}

/** Each request opens one at a line of its own, which lives as long as `lifeMs` says. */
export function openPerRequest(
  service: Service,
  route: Route,
  lifeMs: (durationMs: number) => number,
  line: Line = anyLine(service),
): void {
  serve(service, route, (nursery, durationMs) => {
    service.open(nursery, line, { endsAtMs: service.appMs + lifeMs(durationMs), ...rootedAt(line) });
  });
}

/** What every service does beside: requests that end what they open with themselves, or a moment later. */
export const baseTraffic: Part = (service) => {
  const { random } = service;
  const route = anyRoute(random);
  openPerRequest(service, route, (durationMs) => durationMs * random.next());
  openPerRequest(service, anyRoute(random), (durationMs) => durationMs + random.exponential(2000));
};

/** It is used once more, now. */
export const use = (thing: Thing): void => void thing.uses++;

/** Day and night: 1 at its highest. */
export function daily(random: Random): (appMs: number) => number {
  const [lowest, phase] = [random.between(0.02, 0.5), random.next()];
  return (appMs) => lowest + ((1 - lowest) * (1 + Math.sin(2 * Math.PI * (appMs / dayMs + phase)))) / 2;
}
