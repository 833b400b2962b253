import type { HeapFloors } from '../lifetime/heap-floors.ts';
import { goesOnAllLife } from './heap-lifelong.ts';
import { heapPatience } from './heap-patience.ts';
import { type HeapTrend, heapTrend } from './heap-trend.ts';

/** The last sweeps, or the whole life: a slow leak is seen only over that. */
export type Stretch = 'recent' | 'whole';

/** Counted in sweeps, so that one knob rescales it, each times `patience`. */
const rule = {
  /** Over the last of these the floor must rise, over as many at least, before a profile is taken. */
  suspectOver: 96,
  suspectFrom: 32,
  /** Over the last of these, and as many at least, it must have risen before a place is accused: a cache fills in less. */
  accuseOver: 224,
  accuseFrom: 136,
  /** Over which a floor that no longer rises is seen to be level. */
  level: 128,
} as const;

/** What is worth a profile: a rise of 96 KB, and of 0.75 % of the heap. */
export const minRiseBytes = 96 * 1024;
const minRiseShare = 0.0075;
const minLateOverEarlyToSuspect = 0.15;
const minLateOverEarlyToAccuse = 0.4;
/** The same where there is patience for it. */
const minLateOverEarlyAtLeisure = 0.7;
/** Of the slope that was accused: less is level. */
const levelShare = 0.15;

/** Does the floor of the heap rise? Asked on a clock of sweeps. */
export class HeapRise {
  readonly #floors: HeapFloors;
  readonly #isPressed: () => boolean;
  #first: { readonly sweep: number; readonly ms: number } | undefined;
  #nowMs = 0;
  /** How long a sweep takes, on average; 0 before the second. */
  sweepMs = 0;

  /** @param isPressed whether there is no time for patience */
  constructor(floors: HeapFloors, isPressed: () => boolean) {
    this.#floors = floors;
    this.#isPressed = isPressed;
  }

  /** How many times as many sweeps as in a trial are to be waited for. */
  get patience(): number {
    return this.#isPressed() ? 1 : heapPatience(this.sweepMs);
  }

  tick(sweep: number, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#first ??= { sweep, ms: nowMs };
    const sweeps = sweep - this.#first.sweep;
    if (sweeps > 0) this.sweepMs = (nowMs - this.#first.ms) / sweeps;
  }

  /** A rise that is worth a look into the heap. */
  suspicious(): { readonly over: Stretch; readonly trend: HeapTrend } | undefined {
    if (this.sweepMs === 0) return undefined;
    for (const over of ['recent', 'whole'] as const) {
      const trend = this.#trend(over, rule.suspectOver);
      if (trend !== undefined && this.#isWorthALook(trend)) return { over, trend };
    }
    return undefined;
  }

  /** The trend by which a place would be accused; `undefined` where the floor does not rise any more. */
  ongoing(over: Stretch): HeapTrend | undefined {
    const trend = this.#trend(over, rule.accuseOver);
    return trend !== undefined && trend.slope.low > 0 ? trend : undefined;
  }

  /** For long enough, and without slowing down. */
  isSteady({ spanMs, lateOverEarly }: HeapTrend): boolean {
    if (spanMs < this.#msOf(rule.accuseFrom)) return false;
    if (this.patience === 1) return lateOverEarly >= minLateOverEarlyToAccuse;
    return (
      lateOverEarly >= minLateOverEarlyAtLeisure && goesOnAllLife(this.#floors.whole, this.#first?.ms ?? 0, this.#nowMs)
    );
  }

  /** Whether a floor that rose by so much a ms rises no longer, as seen over 128 sweeps after that. */
  isLevel(accusedMs: number, bytesPerMs: number): boolean {
    if (this.#nowMs - accusedMs < this.#msOf(rule.level)) return false;
    const trend = this.#trend('recent', rule.level);
    return trend !== undefined && trend.slope.value < levelShare * bytesPerMs;
  }

  #msOf(sweeps: number): number {
    return sweeps * this.patience * this.sweepMs;
  }

  #trend(over: Stretch, sweeps: number): HeapTrend | undefined {
    const { recent, whole } = this.#floors;
    if (over === 'whole') return heapTrend(whole);
    return heapTrend(recent.filter(({ atMs }) => atMs >= this.#nowMs - this.#msOf(sweeps)));
  }

  #isWorthALook({ spanMs, slope, riseBytes, lateOverEarly }: HeapTrend): boolean {
    const floorBytes = this.#floors.recent.at(-1)?.bytes ?? 0;
    return (
      spanMs >= this.#msOf(rule.suspectFrom) &&
      slope.low > 0 &&
      lateOverEarly >= minLateOverEarlyToSuspect &&
      riseBytes >= Math.max(minRiseBytes, minRiseShare * floorBytes)
    );
  }
}
