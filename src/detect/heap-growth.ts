import type { HeapFloor, HeapFloors } from '../lifetime/heap-floors.ts';
import type { Frame, Site } from '../lifetime/site.ts';
import type { Ownership } from '../lifetime/site-table.ts';
import type { Charge, Detector } from './detector.ts';
import { heapCharge, type HeapAccusation } from './heap-charge.ts';
import { type GrowingPlace, growingPlaces } from './heap-growing-places.ts';
import { HeapPlaces } from './heap-places.ts';
import type { HeapProfiler } from './heap-profiler.ts';
import { gainedBytes, type HeapTrend, heapTrend, riseAndFall } from './heap-trend.ts';

/** Counted in sweeps, so that one knob rescales it. */
const rule = {
  /** Over the last of these the floor must rise, over as many at least, before a profile is taken. */
  suspectOver: 96,
  suspectFrom: 32,
  /** Between two reads, at least; at most, where the floor is noisy and rises slowly. */
  window: 28,
  maxWindow: 512,
  maxReads: 7,
  /** Over the last of these, and as many at least, it must have risen before a place is accused: a cache fills in less. */
  accuseOver: 224,
  accuseFrom: 136,
  /** After a read that showed them, for which the floor must go on rising: what fills up may have done so meanwhile. */
  confirm: 14,
  /** Over which a floor that no longer rises is seen to be level. */
  level: 128,
  /** After a profile that showed nothing, and twice as long after each more. */
  pause: 256,
  maxPause: 8192,
} as const;

/** What is worth a profile: a rise of 96 KB, and of 0.75 % of the heap. */
const minRiseBytes = 96 * 1024;
const minRiseShare = 0.0075;
const minLateOverEarlyToSuspect = 0.15;
const minLateOverEarlyToAccuse = 0.4;
/** Of the slope that was accused: less is level. */
const levelShare = 0.15;
const maxPlaces = 4;
/** A sample in so many bytes, so that as much growth again shows in 256 of them. */
const minIntervalBytes = 2 * 1024;
const maxIntervalBytes = 32 * 1024;
const samplesWanted = 256;

export interface HeapGrowthOptions {
  readonly floors: HeapFloors;
  readonly profiler: HeapProfiler;
  readonly ownership: Ownership;
  readonly siteOf: (frames: readonly Frame[]) => Site | null;
  /** What the standing findings can account for, in bytes: that much growth has a name. */
  readonly explainedBytes: () => number;
}

interface Profile {
  readonly startedMs: number;
  readonly places: HeapPlaces;
  /** The floor at each read. */
  readonly floors: HeapFloor[];
  /** Whether the rise was seen in the last sweeps, or only over the whole life. */
  readonly over: Stretch;
  readonly windowSweeps: number;
  nextReadSweep: number;
  suspects: Suspects | undefined;
}

/** What grew by the last read, and how fast the floor rose until then. */
interface Suspects {
  readonly places: readonly GrowingPlace[];
  readonly floor: HeapFloor;
  readonly floorPerMs: number;
}

type Stretch = 'recent' | 'whole';

/**
 * Heap growth: while what is left after major collections rises, steadily and without a cause that is told already, the
 * heap is sampled, and the functions whose live allocations grow with it are named.
 */
export class HeapGrowth implements Detector {
  readonly name = 'heap-growth';
  readonly #o: HeapGrowthOptions;
  readonly #accused = new Map<string, HeapAccusation>();
  #profile: Profile | undefined;
  #accusedSlope = 0;
  #accusedMs = 0;
  #pausedUntil = 0;
  #pauseSweeps: number = rule.pause;
  #majorsSeen = 0;
  #first: { readonly sweep: number; readonly ms: number } | undefined;
  #sweepMs = 0;

  constructor(options: HeapGrowthOptions) {
    this.#o = options;
  }

  *check(sweep: number, nowMs: number): Iterable<Charge> {
    this.#follow(sweep, nowMs);
    if (this.#profile !== undefined) this.#goOn(this.#profile, sweep, nowMs);
    if (this.#o.floors.majors !== this.#majorsSeen) {
      this.#majorsSeen = this.#o.floors.majors;
      if (this.#profile !== undefined) this.#confirm(this.#profile, nowMs);
      if (this.#accused.size > 0) this.#reconsider(nowMs);
      else if (this.#profile === undefined && sweep >= this.#pausedUntil) this.#suspect(sweep, nowMs);
    }
    for (const [key, accusation] of this.#accused) yield heapCharge(key, accusation, nowMs);
  }

  #follow(sweep: number, nowMs: number): void {
    this.#first ??= { sweep, ms: nowMs };
    const sweeps = sweep - this.#first.sweep;
    if (sweeps > 0) this.#sweepMs = (nowMs - this.#first.ms) / sweeps;
  }

  #trend(over: Stretch, sweeps: number, nowMs: number): HeapTrend | undefined {
    const { recent, whole } = this.#o.floors;
    if (over === 'whole') return heapTrend(whole);
    return heapTrend(recent.filter(({ atMs }) => atMs >= nowMs - sweeps * this.#sweepMs));
  }

  #suspect(sweep: number, nowMs: number): void {
    if (this.#sweepMs === 0) return;
    for (const over of ['recent', 'whole'] as const) {
      const trend = this.#trend(over, rule.suspectOver, nowMs);
      if (trend === undefined || !this.#isRise(trend) || !this.#isUnexplained(trend)) continue;
      return this.#begin(over, trend, sweep, nowMs);
    }
  }

  #begin(over: Stretch, trend: HeapTrend, sweep: number, nowMs: number): void {
    const intervalBytes = Math.min(maxIntervalBytes, Math.max(minIntervalBytes, trend.riseBytes / samplesWanted));
    if (!this.#o.profiler.start(intervalBytes)) return this.#pause(sweep);
    const windowSweeps = this.#windowFor(trend);
    this.#profile = {
      startedMs: nowMs,
      places: new HeapPlaces(this.#o.ownership),
      floors: [],
      over,
      windowSweeps,
      nextReadSweep: sweep + windowSweeps,
      suspects: undefined,
    };
  }

  #isRise({ spanMs, slope, riseBytes, lateOverEarly }: HeapTrend): boolean {
    const floorBytes = this.#o.floors.recent.at(-1)?.bytes ?? 0;
    return (
      spanMs >= rule.suspectFrom * this.#sweepMs &&
      slope.low > 0 &&
      lateOverEarly >= minLateOverEarlyToSuspect &&
      riseBytes >= Math.max(minRiseBytes, minRiseShare * floorBytes)
    );
  }

  #isUnexplained = ({ riseBytes }: HeapTrend): boolean => this.#o.explainedBytes() < riseBytes;

  /** Long enough for the floor to rise by four times its noise. */
  #windowFor({ slope, noiseBytes }: HeapTrend): number {
    const sweeps = Math.ceil((4 * noiseBytes) / (slope.value * this.#sweepMs));
    return Math.min(rule.maxWindow, Math.max(rule.window, sweeps));
  }

  #goOn(profile: Profile, sweep: number, nowMs: number): void {
    const { profiler } = this.#o;
    profiler.tend();
    if (sweep < profile.nextReadSweep || !profiler.mayRead()) return;
    if (profile.floors.length >= rule.maxReads) return this.#end(sweep);
    profile.nextReadSweep = sweep + profile.windowSweeps;
    const trend = this.#trend(profile.over, rule.accuseOver, nowMs);
    // a read costs a full collection: not where the rise is over
    if (trend === undefined || trend.slope.low <= 0) return this.#end(sweep);
    const live = profiler.read();
    if (live === undefined) return this.#end(sweep);
    profile.places.add(live.stacks);
    profile.floors.push({ atMs: nowMs, ...live.held });
    const grown = growingPlaces(profile.places, profile.floors);
    // a second read that shows them says as much as a floor that was seen to rise on
    if (grown.length > 0 && profile.suspects !== undefined) this.#accuse(profile, grown, nowMs);
    profile.suspects = undefined;
    if (grown.length > 0 && this.#isSteady(trend) && this.#isUnexplained(trend))
      profile.suspects = suspectsOf(profile, grown);
  }

  #isSteady = ({ spanMs, lateOverEarly }: HeapTrend): boolean =>
    spanMs >= rule.accuseFrom * this.#sweepMs && lateOverEarly >= minLateOverEarlyToAccuse;

  #confirm(profile: Profile, nowMs: number): void {
    const { suspects } = profile;
    if (suspects === undefined) return;
    const since = this.#o.floors.recent.filter(({ atMs }) => atMs > suspects.floor.atMs);
    const sinceMs = (since.at(-1)?.atMs ?? 0) - suspects.floor.atMs;
    if (sinceMs < rule.confirm * this.#sweepMs) return;
    profile.suspects = undefined;
    if (gainedBytes([suspects.floor, ...since]) < minLateOverEarlyToAccuse * suspects.floorPerMs * sinceMs) return;
    this.#accuse(profile, suspects.places, nowMs);
  }

  #accuse({ startedMs, floors }: Profile, places: readonly GrowingPlace[], nowMs: number): void {
    const elapsedMs = elapsedOver(floors);
    this.#accusedSlope = gainedBytes(floors) / elapsedMs;
    this.#accusedMs = nowMs;
    for (const place of places.slice(0, maxPlaces)) {
      const site = this.#o.siteOf(place.frames);
      if (site !== null)
        this.#accused.set(`heap ${site.id}`, { place, site, startedMs, elapsedMs, outcome: 'resolved' });
    }
  }

  #end(sweep: number): void {
    this.#o.profiler.stop();
    this.#profile = undefined;
    if (this.#accused.size === 0) this.#pause(sweep);
  }

  #pause(sweep: number): void {
    this.#pausedUntil = sweep + this.#pauseSweeps;
    this.#pauseSweeps = Math.min(rule.maxPause, 2 * this.#pauseSweeps);
  }

  /** Over where the floor fell by half of what it had gained; wrong where it only levelled out: something was filling up. */
  #reconsider(nowMs: number): void {
    const { riseBytes, fallBytes } = riseAndFall(this.#o.floors.recent.filter(({ atMs }) => atMs >= this.#accusedMs));
    const held = [...this.#accused.values()].reduce((sum, { place }) => sum + place.bytes, 0);
    if (fallBytes > 0.5 * (held + riseBytes)) return this.#takeBack('resolved');
    if (nowMs - this.#accusedMs < rule.level * this.#sweepMs) return;
    const trend = this.#trend('recent', rule.level, nowMs);
    if (trend !== undefined && trend.slope.value < levelShare * this.#accusedSlope) this.#takeBack('retracted');
  }

  #takeBack(outcome: HeapAccusation['outcome']): void {
    for (const accusation of this.#accused.values()) accusation.outcome = outcome;
    this.#accused.clear();
  }
}

const elapsedOver = (floors: readonly HeapFloor[]): number => (floors.at(-1)?.atMs ?? 0) - (floors[0]?.atMs ?? 0);

function suspectsOf({ floors }: Profile, places: readonly GrowingPlace[]): Suspects | undefined {
  const floor = floors.at(-1);
  if (floor === undefined) return undefined;
  return { places, floor, floorPerMs: gainedBytes(floors) / elapsedOver(floors) };
}
