/** Sweeps in one window. */
export const windowSweeps = 8;
const keptWindows = 32;

/** The lowest and highest level of one window, and when it was complete. */
export interface LevelWindow {
  readonly min: number;
  readonly max: number;
  readonly endedMs: number;
}

/**
 * A level over time in constant memory: the last 32 windows of 8 sweeps, and what rises that fell again it has known.
 * A queue that fills by day and drains by night teaches how long and how high it may rise.
 */
export class Levels {
  /** Complete windows, oldest first. */
  readonly windows: LevelWindow[] = [];
  level = 0;
  sweeps = 0;
  /** Of the rises that fell by half or more again: how long the longest rise or fall took and how high the highest got. */
  longestPastSwingSweeps = 0;
  highestPastPeak = 0;
  #min = Infinity;
  #max = -Infinity;
  #trough = Infinity;
  #troughSweep = 0;
  #peak = -Infinity;
  #peakSweep = 0;
  #lastPeakSweep = 0;

  /** How long the rise that it is in has lasted. */
  get riseSweeps(): number {
    return this.sweeps - this.#troughSweep;
  }

  /** Whether the rise it is in is no repetition: at least half as high again, or twice as long, as any that fell again. */
  get beyondPast(): boolean {
    return this.isBeyondPast(1.5, 2);
  }

  /** @param higher so many times the height, or `longer` so many times the length, of each that fell again */
  isBeyondPast(higher: number, longer: number): boolean {
    return (
      this.highestPastPeak === 0 ||
      this.level > higher * this.highestPastPeak ||
      this.riseSweeps > longer * this.longestPastSwingSweeps
    );
  }

  /** @returns whether a window is complete with it */
  add(level: number, nowMs: number): boolean {
    this.level = level;
    this.sweeps++;
    this.#follow(level);
    if (level < this.#min) this.#min = level;
    if (level > this.#max) this.#max = level;
    if (this.sweeps % windowSweeps !== 0) return false;
    if (this.windows.length >= keptWindows) this.windows.shift();
    this.windows.push({ min: this.#min, max: this.#max, endedMs: nowMs });
    this.#min = Infinity;
    this.#max = -Infinity;
    return true;
  }

  /** The window that is `back` before the last complete one. */
  window(back: number): LevelWindow | undefined {
    return this.windows[this.windows.length - 1 - back];
  }

  #follow(level: number): void {
    const fellByHalf = this.#peak > this.#trough && level <= this.#trough + (this.#peak - this.#trough) / 2;
    if (fellByHalf) {
      this.#lastPeakSweep = this.#peakSweep;
      this.longestPastSwingSweeps = Math.max(this.longestPastSwingSweeps, this.#peakSweep - this.#troughSweep);
      this.highestPastPeak = Math.max(this.highestPastPeak, this.#peak);
    }
    if (level < this.#trough && this.#lastPeakSweep > 0) {
      this.longestPastSwingSweeps = Math.max(this.longestPastSwingSweeps, this.sweeps - this.#lastPeakSweep);
    }
    if (fellByHalf || level <= this.#trough) {
      this.#trough = this.#peak = level;
      this.#troughSweep = this.#peakSweep = this.sweeps;
    } else if (level > this.#peak) {
      this.#peak = level;
      this.#peakSweep = this.sweeps;
    }
  }
}
