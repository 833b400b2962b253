import type { HeapFloor } from '../lifetime/heap-floors.ts';
import { median } from './statistics/median.ts';

/** What the floor gained from one major collection to the next. */
interface Step {
  readonly toMs: number;
  readonly tookMs: number;
  readonly bytes: number;
  /** Whether V8 flushed code meanwhile: then it says nothing of what the app holds. */
  readonly isFlush: boolean;
}

/** A floor from which what falls with V8's code is taken out. */
export interface Level {
  readonly atMs: number;
  readonly bytes: number;
}

/** By this share the code falls when V8 flushes what was not run for long; the floors after it still fall with it. */
const flushedShare = 0.03;
const stepsOfFlush = 3;

/** The floors as they would be without flushes: over one the floor moves as it does otherwise, by the median of its steps. */
export function levelsOf(floors: readonly HeapFloor[]): Level[] {
  const [first] = floors;
  if (first === undefined) return [];
  const steps = stepsOf(floors);
  const perMs = usualPerMs(steps);
  let { bytes } = first;
  return [first, ...steps.map((step) => ({ atMs: step.toMs, bytes: (bytes += gainOf(step, perMs)) }))];
}

/** What the floor gained over those of the floors that came after a time, the first of all where none is given. */
export function gainedBytes(floors: readonly HeapFloor[], sinceMs = -Infinity): number {
  const steps = stepsOf(floors).filter(({ toMs }) => toMs > sinceMs);
  const perMs = usualPerMs(steps);
  return steps.reduce((sum, step) => sum + gainOf(step, perMs), 0);
}

const gainOf = ({ bytes, tookMs, isFlush }: Step, perMs: number): number =>
  isFlush && bytes < 0 ? perMs * tookMs : bytes;

function usualPerMs(steps: readonly Step[]): number {
  const meanMs = steps.reduce((sum, { tookMs }) => sum + tookMs, 0) / steps.length;
  // two collections in a row tell of noise only
  const usual = steps.filter(({ isFlush, tookMs }) => !isFlush && tookMs > meanMs / 10);
  return Math.max(0, median(usual.map(({ bytes, tookMs }) => bytes / tookMs).toSorted((a, b) => a - b)));
}

function stepsOf(floors: readonly HeapFloor[]): Step[] {
  let flushing = 0;
  return floors.slice(1).map((floor, i) => {
    const before = floors[i] ?? floor;
    if (floor.codeBytes < (1 - flushedShare) * before.codeBytes) flushing = stepsOfFlush;
    const isFlush = flushing-- > 0;
    return { toMs: floor.atMs, tookMs: floor.atMs - before.atMs, bytes: floor.bytes - before.bytes, isFlush };
  });
}
