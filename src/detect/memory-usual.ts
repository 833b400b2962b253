/** The levels that are unusual for this process. */
export interface UsualLevels {
  readonly medianBytes: number;
  readonly warningBytes: number;
  readonly criticalBytes: number;
}

const maxKept = 512;
const minSamples = 240;
/** How much of the distance from the median to the top is left as room above it, and the least room there is. */
const roomOfSpread = 1.5;
const minRoomShare = 0.1;

/**
 * What resident memory a process usually has, learned of itself: samples of its whole life, evenly thinned out. The top of
 * them (p99) and half as much again as lies between it and the median is still usual; twice that room is critical.
 */
export class UsualMemory {
  #kept: number[] = [];
  /** One sample in so many is kept. */
  #stride = 1;
  #sinceKept = 0;
  #levels: UsualLevels | undefined;

  /** To be kept over a restart. */
  get samples(): readonly number[] {
    return this.#kept;
  }

  /** Takes what an earlier run of the process has learned for the beginning. */
  restore(earlier: readonly number[]): void {
    this.#kept = [...earlier, ...this.#kept].slice(-maxKept);
    this.#levels = undefined;
  }

  add(rssBytes: number): void {
    if (++this.#sinceKept < this.#stride) return;
    this.#sinceKept = 0;
    if (this.#kept.length >= maxKept) {
      this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
      this.#stride *= 2;
    }
    this.#kept.push(rssBytes);
    this.#levels = undefined;
  }

  /** `undefined` before 240 samples, four hours in production, were seen. */
  get levels(): UsualLevels | undefined {
    if (this.#kept.length < minSamples) return undefined;
    this.#levels ??= this.#levelsNow();
    return this.#levels;
  }

  #levelsNow(): UsualLevels {
    const sorted = this.#kept.toSorted((a, b) => a - b);
    const medianBytes = sorted[sorted.length >> 1] ?? 0;
    const topBytes = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
    const roomBytes = Math.max(roomOfSpread * (topBytes - medianBytes), minRoomShare * medianBytes);
    return { medianBytes, warningBytes: topBytes + roomBytes, criticalBytes: topBytes + 2 * roomBytes };
  }
}
