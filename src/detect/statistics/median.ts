import { medianSorted } from 'simple-statistics';

/** The middle of sorted values, the mean of the two middle ones of an even number; 0 of none. */
export const median = (sorted: readonly number[]): number => (sorted.length === 0 ? 0 : medianSorted(sorted));
