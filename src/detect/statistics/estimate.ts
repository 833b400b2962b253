/** A figure with its interval, 95 % unless said otherwise. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The same in another unit. */
export function scaled({ value, low, high }: Estimate, factor: number): Estimate {
  const bounds = [low * factor, high * factor];
  return { value: value * factor, low: Math.min(...bounds), high: Math.max(...bounds) };
}
