import type { LevelWindow } from './levels.ts';

/** How a level went in one window, and how it changed from look to look. */
export interface DriftWindow extends LevelWindow {
  /** Looks that had one before them: all but the very first. */
  readonly steps: number;
  /** What it gained from look to look in all, and the sum of the squares of these steps. */
  readonly gain: number;
  readonly squares: number;
  /** Steps down. */
  readonly falls: number;
}

const keptWindows = 32;
const scales = [8, 32, 128, 512] as const;
const empty = { min: Infinity, max: -Infinity, steps: 0, gain: 0, squares: 0, falls: 0 } as const;

/** The last 32 windows of so many looks each. */
export class DriftScale {
  /** Complete windows, oldest first. */
  readonly windows: DriftWindow[] = [];
  readonly #windowLooks: number;
  #looks = 0;
  #open: { -readonly [Key in keyof typeof empty]: number } = { ...empty };

  constructor(windowLooks: number) {
    this.#windowLooks = windowLooks;
  }

  /** @param step by how much it changed since the look before, if there was one */
  add(level: number, step: number | undefined, nowMs: number): void {
    const open = this.#open;
    open.min = Math.min(open.min, level);
    open.max = Math.max(open.max, level);
    if (step !== undefined) {
      open.steps++;
      open.gain += step;
      open.squares += step * step;
      if (step < 0) open.falls++;
    }
    if (++this.#looks % this.#windowLooks !== 0) return;
    if (this.windows.length >= keptWindows) this.windows.shift();
    this.windows.push({ ...open, endedMs: nowMs });
    this.#open = { ...empty };
  }
}

/**
 * How a level drifts, in constant memory: fast and slow growth show in windows of 8 to 512 looks, and the shape of all
 * growth since the level was last at its lowest in one figure.
 */
export class Drift {
  readonly scales: readonly DriftScale[] = scales.map((windowLooks) => new DriftScale(windowLooks));
  #level: number | undefined;
  #looks = 0;
  #gain = 0;
  #weightedLogs = 0;
  #squares = 0;

  /**
   * The power of time by which it grew since it was at its lowest: 1 while it gains as much each hour, about a half where
   * each call brings a key and most keys are known by now (Heaps' law); towards 0 when it is full. It is the shape of a
   * power-law process, Σ gᵢ / Σ gᵢ ln(T / tᵢ) for gains gᵢ at tᵢ of T (L. H. Crow, SIAM 1974; MIL-HDBK-189C, 5.5).
   */
  get shape(): number {
    const spread = this.#gain * Math.log(Math.max(1, this.#looks)) - this.#weightedLogs;
    if (this.#gain <= 0) return 0;
    return spread > 0 ? this.#gain / spread : Infinity;
  }

  /** The relative error that the shape has where steps come by chance: 1/√n for n steps alike. */
  get shapeError(): number {
    return this.#gain > 0 ? Math.sqrt(this.#squares) / this.#gain : Infinity;
  }

  /** @param isLowest the growth until now is over: it is as low as at its begin, or fell by half of it */
  add(level: number, nowMs: number, isLowest: boolean): void {
    const step = this.#level === undefined ? undefined : level - this.#level;
    this.#level = level;
    for (const scale of this.scales) scale.add(level, step, nowMs);
    if (isLowest || step === undefined) {
      this.#looks = this.#gain = this.#weightedLogs = this.#squares = 0;
      return;
    }
    this.#looks++;
    this.#gain += step;
    this.#weightedLogs += step * Math.log(this.#looks - 0.5);
    this.#squares += step * step;
  }
}
