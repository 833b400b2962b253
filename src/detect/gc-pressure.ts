import type { RouteTimes } from '../lifetime/route-times.ts';
import type { Charge, Detector } from './detector.ts';
import type { Severity, Suspicion } from './finding.ts';
import type { Pause, SlowRequests } from './slow-requests.ts';

/** Collections of one type since the start, without those that the app asked for. */
export interface GcTotal {
  readonly count: number;
  readonly durationMs: number;
}

/** What is known of garbage collection at a sweep. */
export interface GcFacts {
  readonly totals: Readonly<Record<'minor' | 'major' | 'incremental' | 'weakcb', GcTotal>>;
  /** The last major ones, the oldest first. */
  readonly lastMajors: readonly Pause[];
}

/** Shares of the time, from 0 to 1. */
export interface GcThresholds {
  readonly warning: number;
  readonly critical: number;
}

/** A start, a deploy or a burst is over before. In real time: what a pause costs does not hang on how often we look. */
const windowMs = 10_000;
const windowsInRow = 6;
/** Of the warning's share: where so much goes into major collections, and half of the slow requests are due to them. */
const majorShareOfWarning = 1 / 4;
const minSlowByGc = 1 / 2;
const minSlow = 5;
/** Of the share from which on slow requests count: from here on they are timed, whether that is exported or not. */
const examinedFrom = 0.5;
/** A standing charge ends when a window falls below so much of its threshold. */
const ease = 0.75;

interface Mark {
  readonly atMs: number;
  readonly totals: Readonly<Record<keyof GcFacts['totals'], GcTotal>>;
  readonly slow: number;
  readonly byGc: number;
}

interface Window {
  readonly spanMs: number;
  /** Of the time, in collections of all types, and in major ones. */
  readonly share: number;
  readonly majorShare: number;
  readonly majors: number;
  readonly slow: number;
  readonly byGc: number;
}

/**
 * Garbage collection takes too much of the time: a share of it at least as large as the threshold in each of six windows of
 * 10 s, or a quarter of that in major collections which are to blame for at least half of the slow requests.
 */
export class GcPressure implements Detector {
  readonly name = 'gc-pressure';
  readonly #facts: () => GcFacts;
  readonly #slow: SlowRequests;
  readonly #thresholds: GcThresholds;
  readonly #windows: Window[] = [];
  #last: Mark | undefined;
  #stands: Severity | undefined;

  constructor(facts: () => GcFacts, slow: SlowRequests, thresholds: GcThresholds) {
    this.#facts = facts;
    this.#slow = slow;
    this.#thresholds = thresholds;
  }

  *check(_sweep: number, nowMs: number): Iterable<Charge> {
    const { totals, lastMajors } = this.#facts();
    this.#slow.settle(lastMajors, nowMs);
    this.#mark(nowMs, totals);
    const severity = this.#severity();
    this.#stands = severity;
    if (severity !== undefined) yield this.#chargeOf(severity, lastMajors, nowMs);
  }

  #mark(atMs: number, totals: GcFacts['totals']): void {
    const { slow, byGc } = this.#slow;
    const last = this.#last;
    if (last !== undefined && atMs - last.atMs < windowMs) return;
    const now = { atMs, totals: copyOf(totals), slow, byGc };
    this.#last = now;
    if (last === undefined) return;
    const window = windowBetween(last, now);
    this.#windows.push(window);
    if (this.#windows.length > windowsInRow) this.#windows.shift();
    this.#slow.examine(window.majorShare >= this.#thresholds.warning * majorShareOfWarning * examinedFrom);
  }

  #severity(): Severity | undefined {
    if (this.#windows.length < windowsInRow) return undefined;
    const { warning, critical } = this.#thresholds;
    if (this.#windows.every(({ share }) => share >= critical * (this.#stands === 'critical' ? ease : 1)))
      return 'critical';
    const factor = this.#stands === undefined ? 1 : ease;
    if (this.#windows.every(({ share }) => share >= warning * factor)) return 'warning';
    return this.#slowsRequests(warning * majorShareOfWarning * factor) ? 'warning' : undefined;
  }

  #slowsRequests(minMajorShare: number): boolean {
    return this.#windows.every(
      ({ majorShare, slow, byGc }) => majorShare >= minMajorShare && slow >= minSlow && byGc >= slow * minSlowByGc,
    );
  }

  #chargeOf(severity: Severity, lastMajors: readonly Pause[], nowMs: number): Charge {
    const sum = (of: (window: Window) => number): number => this.#windows.reduce((all, window) => all + of(window), 0);
    const spanMs = sum((window) => window.spanMs);
    const route = this.#slow.lastRoute;
    const suspicion: Suspicion = {
      type: 'gc_pressure',
      detector: 'threshold',
      certainty: 'likely',
      severity,
      kind: 'heap',
      resourceType: 'garbage collection',
      site: null,
      scopeName: undefined,
      count: sum(({ majors }) => majors),
      opened: 0,
      bytes: 0,
      oldestAgeMs: spanMs,
      rate: undefined,
      pattern: undefined,
      trace: undefined,
      advice: [
        'allocate less for each request, or give the heap more room (--max-old-space-size, --max-semi-space-size)',
        `of the last ${Math.round(spanMs / 1000)} s ${percent(sum(({ share, spanMs: ms }) => share * ms) / spanMs)} went into it, the longest major pause took ${Math.round(longestSince(lastMajors, nowMs - spanMs))} ms`,
        ...(route === undefined ? [] : [impactOn(route)]),
      ].join('; '),
      retainedBy: undefined,
    };
    return { key: 'gc-pressure', suspicion, whenGone: () => 'resolved' };
  }
}

const copyOf = ({ minor, major, incremental, weakcb }: GcFacts['totals']): GcFacts['totals'] => ({
  minor: { ...minor },
  major: { ...major },
  incremental: { ...incremental },
  weakcb: { ...weakcb },
});

function windowBetween(from: Mark, to: Mark): Window {
  const spanMs = to.atMs - from.atMs;
  const spentMs = (type: keyof GcFacts['totals']): number => to.totals[type].durationMs - from.totals[type].durationMs;
  const allMs = spentMs('minor') + spentMs('major') + spentMs('incremental') + spentMs('weakcb');
  return {
    spanMs,
    share: allMs / spanMs,
    majorShare: spentMs('major') / spanMs,
    majors: to.totals.major.count - from.totals.major.count,
    slow: to.slow - from.slow,
    byGc: to.byGc - from.byGc,
  };
}

const longestSince = (pauses: readonly Pause[], sinceMs: number): number =>
  pauses.reduce((longest, { startMs, durationMs }) => (startMs < sinceMs ? longest : Math.max(longest, durationMs)), 0);

const impactOn = (route: RouteTimes): string =>
  `p99 of ${route.name} ${Math.round(route.quantileMs(0.99))} ms, ${Math.round(route.quantileWithoutPausedMs(0.99))} ms without those pauses`;

const percent = (share: number): string => `${Math.round(100 * share)} %`;
