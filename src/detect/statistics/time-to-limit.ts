import type { Estimate } from './estimate.ts';

/**
 * How long until a level that grows at this rate reaches its limit: `value` at the rate itself, `low` and `high` at the
 * ends of the rate's interval, in the rate's unit of time; `Infinity` where it may not grow. 0 where it is there already.
 */
export function timeToLimit(level: number, limit: number, rate: Estimate): Estimate {
  const left = Math.max(0, limit - level);
  const until = (gain: number): number => {
    if (left === 0) return 0;
    return gain > 0 ? left / gain : Infinity;
  };
  return { value: until(rate.value), low: until(rate.high), high: until(rate.low) };
}
