import type { Charge, Detector } from '../../../src/detect/detector.ts';

/** What a rule charges now, without the places where a sweep might pause. */
export const chargesOf = (detector: Detector, sweep: number, nowMs: number): Charge[] =>
  [...detector.check(sweep, nowMs)].filter((charge) => charge !== undefined);
