const firstMs = 2_000;
const longestMs = 5 * 60_000;
/** A receiver may ask for more patience than we have. */
const longestAskedMs = 15 * 60_000;

/**
 * How long to wait after so many failures in a row: twice as long each time, half of it by chance, so that a fleet does
 * not come back at once (AWS Architecture Blog, Exponential Backoff And Jitter: "equal jitter").
 * @param random from 0 to 1
 */
export function backOffMs(failures: number, random: number, retryAfterMs = 0): number {
  const ceilingMs = Math.min(firstMs * 2 ** (Math.max(1, failures) - 1), longestMs);
  const waitMs = ceilingMs / 2 + (random * ceilingMs) / 2;
  const askedMs = Math.min(retryAfterMs, longestAskedMs);
  return askedMs > waitMs ? askedMs + random * firstMs : waitMs;
}
