import type { HeapFloor } from '../lifetime/heap-floors.ts';
import { median } from './statistics/median.ts';

/** What the floor gained from one major collection to the next. */
interface Step {
  readonly toMs: number;
  readonly tookMs: number;
  readonly bytes: number;
  /** What V8 has flushed of code at once, in this step or one of the last before it; 0 for none. */
  readonly flushedBytes: number;
}

/** A floor from which what falls with V8's code is taken out. */
export interface Level {
  readonly atMs: number;
  readonly bytes: number;
}

/**
 * By this share the code falls when V8 flushes what was not run for long; the floors after it still fall with it, by 0.4 to
 * 0.6 of what the code lost. What falls by more than the code did was the app's.
 */
const flushedShare = 0.03;
const stepsOfFlush = 3;

/** The floors as they would be without flushes: over one the floor moves as it does otherwise, by the median of its steps. */
export function levelsOf(floors: readonly HeapFloor[]): Level[] {
  const [first] = floors;
  if (first === undefined) return [];
  const steps = stepsOf(floors);
  const gains = gainsOf(steps);
  let { bytes } = first;
  return [first, ...steps.map(({ toMs }, i) => ({ atMs: toMs, bytes: (bytes += gains[i] ?? 0) }))];
}

/** What the floor gained over those of the floors that came after a time, the first of all where none is given. */
export function gainedBytes(floors: readonly HeapFloor[], sinceMs = -Infinity): number {
  const steps = stepsOf(floors).filter(({ toMs }) => toMs > sinceMs);
  return gainsOf(steps).reduce((sum, bytes) => sum + bytes, 0);
}

/** A fall within a flush is put back to how the floor moves otherwise, as far as it can have come with the code. */
function gainsOf(steps: readonly Step[]): number[] {
  const perMs = usualPerMs(steps);
  let putBack = 0;
  return steps.map(({ bytes, tookMs, flushedBytes }) => {
    if (flushedBytes === 0) putBack = 0;
    const fallBytes = bytes < 0 ? perMs * tookMs - bytes : 0;
    const withCode = Math.min(fallBytes, Math.max(0, flushedBytes - putBack));
    putBack += withCode;
    return bytes + withCode;
  });
}

function usualPerMs(steps: readonly Step[]): number {
  const meanMs = steps.reduce((sum, { tookMs }) => sum + tookMs, 0) / steps.length;
  // two collections in a row tell of noise only
  const usual = steps.filter(({ flushedBytes, tookMs }) => flushedBytes === 0 && tookMs > meanMs / 10);
  return Math.max(0, median(usual.map(({ bytes, tookMs }) => bytes / tookMs).toSorted((a, b) => a - b)));
}

function stepsOf(floors: readonly HeapFloor[]): Step[] {
  let stepsLeft = 0;
  let flushedBytes = 0;
  return floors.slice(1).map((floor, i) => {
    const before = floors[i] ?? floor;
    if (floor.codeBytes < (1 - flushedShare) * before.codeBytes) {
      flushedBytes = (stepsLeft > 0 ? flushedBytes : 0) + before.codeBytes - floor.codeBytes;
      stepsLeft = stepsOfFlush;
    }
    const toMs = floor.atMs;
    const step = { toMs, tookMs: toMs - before.atMs, bytes: floor.bytes - before.bytes };
    return { ...step, flushedBytes: stepsLeft-- > 0 ? flushedBytes : 0 };
  });
}
