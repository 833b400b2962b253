/** Points of a series, x rising. */
export interface Series {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * The lowest point of each block of neighbours, at its own x: garbage and load come on top of what is held, never below.
 * Minima of blocks longer than the memory of the noise depend on each other little (the block maxima of E. J. Gumbel,
 * Statistics of Extremes, 1958, upside down). What does not fill a block at the end is left out.
 */
export function blockMinima({ x, y }: Series, size: number): Series {
  const at: number[] = [];
  const lowest: number[] = [];
  for (let from = 0; from + size <= y.length; from += size) {
    let min = from;
    for (let i = from + 1; i < from + size; i++) if ((y[i] ?? 0) < (y[min] ?? 0)) min = i;
    at.push(x[min] ?? 0);
    lowest.push(y[min] ?? 0);
  }
  return { x: at, y: lowest };
}
