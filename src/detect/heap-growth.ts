import type { HeapFloor, HeapFloors } from '../lifetime/heap-floors.ts';
import type { Frame, Site } from '../lifetime/site.ts';
import type { Ownership } from '../lifetime/site-table.ts';
import type { Charge, Detector } from './detector.ts';
import { heapCharge, type HeapAccusation } from './heap-charge.ts';
import type { GrowingPlace } from './heap-growing-places.ts';
import { HeapLook, intervalFor, windowFor } from './heap-look.ts';
import type { HeapProfiler } from './heap-profiler.ts';
import { HeapRise, type Stretch } from './heap-rise.ts';
import { type HeapTrend, riseAndFall } from './heap-trend.ts';

/** Sweeps without a look after one that showed nothing, and twice as many after each more. */
const minPauseSweeps = 256;
const maxPauseSweeps = 8192;
const maxPlaces = 4;

export interface HeapGrowthOptions {
  readonly floors: HeapFloors;
  readonly profiler: HeapProfiler;
  readonly ownership: Ownership;
  readonly siteOf: (frames: readonly Frame[]) => Site | null;
  /** What the standing findings can account for, in bytes: that much growth has a name. */
  readonly explainedBytes: () => number;
  /** Whether a limit of memory is near: then a name is worth more than patience. */
  readonly isPressed: () => boolean;
}

/**
 * Heap growth: while what is left after major collections rises, steadily and without a cause that is told already, the
 * heap is sampled, and the functions whose live allocations grow with it are named.
 */
export class HeapGrowth implements Detector {
  readonly name = 'heap-growth';
  readonly #o: HeapGrowthOptions;
  readonly #rise: HeapRise;
  readonly #accused = new Map<string, HeapAccusation>();
  /** The floor when a place was last accused, and how fast it rose. */
  #accusedAt: HeapFloor | undefined;
  #accusedPerMs = 0;
  #look: { readonly look: HeapLook; readonly over: Stretch } | undefined;
  #pausedUntil = 0;
  #pauseSweeps = minPauseSweeps;
  #patience = 1;
  #majorsSeen = 0;

  constructor(options: HeapGrowthOptions) {
    this.#o = options;
    this.#rise = new HeapRise(options.floors, options.isPressed);
  }

  *check(sweep: number, nowMs: number): Iterable<Charge> {
    try {
      this.#step(sweep, nowMs);
    } catch (error) {
      // a detector that throws is asked no more: nobody would stop it later
      this.#o.profiler.stop();
      throw error;
    }
    for (const [key, accusation] of this.#accused) yield heapCharge(key, accusation, nowMs);
  }

  #step(sweep: number, nowMs: number): void {
    this.#rise.tick(sweep, nowMs);
    this.#keepPace(sweep);
    if (this.#look !== undefined) this.#goOn(this.#look.look, this.#look.over, sweep, nowMs);
    if (this.#o.floors.majors === this.#majorsSeen) return;
    this.#majorsSeen = this.#o.floors.majors;
    this.#onMajor(sweep, nowMs);
  }

  #onMajor(sweep: number, nowMs: number): void {
    if (this.#look !== undefined) {
      const { look } = this.#look;
      this.#accuse(look, look.confirmed(this.#rise.sweepMs));
    }
    if (this.#accused.size > 0) this.#reconsider();
    else if (this.#look === undefined && sweep >= this.#pausedUntil) this.#begin(sweep, nowMs);
  }

  #begin(sweep: number, nowMs: number): void {
    const { floors, profiler, ownership } = this.#o;
    const rise = this.#rise.suspicious();
    if (rise === undefined || !this.#isUnexplained(rise.trend)) return;
    if (!profiler.start(intervalFor(rise.trend))) return this.#pause(sweep);
    const { patience, sweepMs } = this.#rise;
    const windowSweeps = windowFor(rise.trend, sweepMs, patience);
    this.#look = {
      look: new HeapLook({ floors, profiler, ownership, startedMs: nowMs, sweep, windowSweeps, patience }),
      over: rise.over,
    };
  }

  #isUnexplained = ({ riseBytes }: HeapTrend): boolean => this.#o.explainedBytes() < riseBytes;

  #goOn(look: HeapLook, over: Stretch, sweep: number, nowMs: number): void {
    this.#o.profiler.tend();
    if (!look.isDue(sweep)) return;
    // a read costs a full collection: not where the rise is over
    const trend = look.isOver ? undefined : this.#rise.ongoing(over);
    const isSteady = trend !== undefined && this.#rise.isSteady(trend) && this.#isUnexplained(trend);
    const places = trend === undefined ? undefined : look.read(sweep, nowMs, isSteady);
    if (places === undefined) this.#end(sweep);
    else this.#accuse(look, places);
  }

  #accuse(look: HeapLook, places: readonly GrowingPlace[]): void {
    for (const place of places.slice(0, maxPlaces)) {
      const site = this.#o.siteOf(place.frames);
      if (site === null) continue;
      const { startedMs, elapsedMs, floorPerMs } = look;
      const isTold = this.#accused.has(keptKey(site));
      // what was told as a queue stays that
      const flows = this.#accused.has(queueKey(site)) || (isTold ? place.inTurn : place.flows);
      if (flows) this.#takeBackKept(site);
      const key = flows ? queueKey(site) : keptKey(site);
      this.#accused.set(key, { place: { ...place, flows }, site, startedMs, elapsedMs, outcome: 'resolved' });
      this.#accusedAt = this.#o.floors.recent.at(-1);
      this.#accusedPerMs = floorPerMs;
    }
  }

  #end(sweep: number): void {
    this.#o.profiler.stop();
    this.#look = undefined;
    if (this.#accused.size === 0) this.#pause(sweep);
  }

  /** When a limit comes near, a look that takes its time is given up for one that does not, and no pause counts. */
  #keepPace(sweep: number): void {
    const { patience } = this.#rise;
    if (patience === this.#patience) return;
    if (this.#look !== undefined) this.#end(sweep);
    if (patience < this.#patience) this.#pausedUntil = sweep;
    this.#patience = patience;
  }

  #pause(sweep: number): void {
    this.#pausedUntil = sweep + this.#pauseSweeps;
    this.#pauseSweeps = Math.min(maxPauseSweeps, 2 * this.#pauseSweeps);
  }

  /** Over where the floor fell by half of what it had gained; wrong where it only levelled out: something was filling up. */
  #reconsider(): void {
    const at = this.#accusedAt;
    if (at === undefined) return;
    const since = this.#o.floors.recent.filter(({ atMs }) => atMs > at.atMs);
    const { riseBytes, fallBytes } = riseAndFall([at, ...since]);
    const held = [...this.#accused.values()].reduce((sum, { place }) => sum + place.bytes, 0);
    if (fallBytes > 0.5 * (held + riseBytes)) this.#takeBack('resolved');
    else if (this.#rise.isLevel(at.atMs, this.#accusedPerMs)) this.#takeBack('retracted');
  }

  /** The oldest of a queue go late: what was told as kept was seen too early to go. */
  #takeBackKept(site: Site): void {
    const told = this.#accused.get(keptKey(site));
    if (told === undefined) return;
    told.outcome = 'retracted';
    this.#accused.delete(keptKey(site));
  }

  #takeBack(outcome: HeapAccusation['outcome']): void {
    for (const accusation of this.#accused.values()) accusation.outcome = outcome;
    this.#accused.clear();
  }
}

const keptKey = ({ id }: Site): string => `heap ${id}`;
const queueKey = ({ id }: Site): string => `heap queue ${id}`;
