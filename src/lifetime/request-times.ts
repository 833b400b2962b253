import { RouteTimes } from './route-times.ts';

/** Requests of one method and scheme that are under way. */
export interface ActiveRequests {
  /** `GET *` */
  readonly name: string;
  readonly secure: boolean;
  count: number;
  seen: boolean;
}

/** How a request came out. */
export interface RequestEnd {
  /** `GET /orders/:id`, or `GET *` where no framework has named its route. */
  readonly name: string;
  /** Of the response; 0 where none was sent. */
  readonly status: number;
  /** Whether the whole response was handed over. */
  readonly finished: boolean;
}

/** A request that took longer than 99 of 100 of its route. */
export interface SlowRequest {
  readonly route: RouteTimes;
  readonly startedMs: number;
  readonly endedMs: number;
}

const maxRoutes = 100;
const maxSlow = 256;
const otherName = 'other *';

/**
 * How long requests take, in plain integers: two looks at the clock and a few additions for each, where anybody asks. At most 100 routes are
 * told apart, the rest is one; what is slow is kept until it is asked for, 256 at most.
 */
export class RequestTimes {
  readonly #nowMs: () => number;
  readonly #routes = new Map<string, RouteTimes>();
  #lastRoute: RouteTimes | undefined;
  readonly #active = new Map<string, [plain: ActiveRequests, secure: ActiveRequests]>();
  #slow: SlowRequest[] = [];
  #ended: ((route: RouteTimes, end: RequestEnd, secure: boolean, ms: number) => void) | undefined;
  /** Slow ones that found no room. */
  droppedSlow = 0;
  /** Somebody exports how long requests take: taken for granted until it is known where metrics go. */
  exported = true;
  /** Collections take so much of the time that it matters which requests they make slow. */
  examined = false;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @param name `GET *`, one of a small set: unknown methods share one */
  activeOf(name: string, secure: boolean): ActiveRequests {
    let byScheme = this.#active.get(name);
    if (byScheme === undefined) {
      byScheme = [
        { name, secure: false, count: 0, seen: false },
        { name, secure: true, count: 0, seen: false },
      ];
      this.#active.set(name, byScheme);
    }
    return byScheme[secure ? 1 : 0];
  }

  /** @returns when it started in ms, `undefined` where nobody wants to know how long it takes */
  begin(active: ActiveRequests): number | undefined {
    active.count++;
    active.seen = true;
    return this.exported || this.examined ? this.#nowMs() : undefined;
  }

  /** @param startedMs what `begin` said */
  end(active: ActiveRequests, startedMs: number | undefined, end: RequestEnd): void {
    active.count--;
    if (startedMs === undefined) return;
    const endedMs = this.#nowMs();
    const ms = endedMs - startedMs;
    const route = this.#routeOf(end.name);
    if (ms >= route.slowFromMs) this.#keepSlow({ route, startedMs, endedMs });
    route.add(ms, end.status, active.secure, end.finished);
    this.#ended?.(route, end, active.secure, ms);
  }

  get routes(): Iterable<RouteTimes> {
    return this.#routes.values();
  }

  /** Of the methods and schemes that were seen. */
  *active(): Iterable<ActiveRequests> {
    for (const byScheme of this.#active.values()) for (const active of byScheme) if (active.seen) yield active;
  }

  /** Slow requests that ended before `endedMs`; they are told once. */
  takeSlow(endedMs: number): SlowRequest[] {
    const slow = this.#slow;
    this.#slow = slow.filter((request) => request.endedMs >= endedMs);
    return slow.filter((request) => request.endedMs < endedMs);
  }

  /** Tells of each request that ends, as it ends; to one listener at a time. */
  onEnd(ended: (route: RouteTimes, end: RequestEnd, secure: boolean, ms: number) => void): () => void {
    this.#ended = ended;
    return () => {
      if (this.#ended === ended) this.#ended = undefined;
    };
  }

  #keepSlow(request: SlowRequest): void {
    if (this.#slow.length < maxSlow) this.#slow.push(request);
    else this.droppedSlow++;
  }

  /** Most requests are of the route of the one before. */
  #routeOf(name: string): RouteTimes {
    const last = this.#lastRoute;
    if (last !== undefined && last.name === name) return last;
    return (this.#lastRoute = this.#routes.get(name) ?? this.#newRoute(name));
  }

  #newRoute(name: string): RouteTimes {
    const key = this.#routes.size < maxRoutes ? name : otherName;
    let route = this.#routes.get(key);
    if (route === undefined) this.#routes.set(key, (route = new RouteTimes(key)));
    return route;
  }
}
