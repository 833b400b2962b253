import type { HeapFloor } from '../lifetime/heap-floors.ts';
import { levelsOf } from './heap-steps.ts';
import { theilSen } from './statistics/theil-sen.ts';

/** Slope of the later half of a life over that of the quarter before. */
const minHalfOverQuarter = 0.85;

/**
 * Whether the floor rises in the later half of the process's life about as it did in the quarter before. A leak does, be there
 * a warm-up before it. A cache meets ever fewer new keys (Heaps' law): by Zipf's law 0.76 times as many when a tenth of the
 * time is over that it takes to meet nearly all, less from then on.
 */
export function goesOnAllLife(whole: readonly HeapFloor[], startedMs: number, nowMs: number): boolean {
  const levels = levelsOf(whole);
  const slopeBetween = (from: number, to: number): number => {
    const [fromMs, toMs] = [from, to].map((share) => startedMs + share * (nowMs - startedMs));
    const points = levels.filter(({ atMs }) => atMs >= (fromMs ?? 0) && atMs <= (toMs ?? 0));
    const slope = theilSen(
      points.map(({ atMs }) => atMs),
      points.map(({ bytes }) => bytes),
    );
    return slope?.value ?? 0;
  };
  return slopeBetween(0.5, 1) >= minHalfOverQuarter * slopeBetween(0.25, 0.5);
}
