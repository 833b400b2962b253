/** The time since the last reading, if shorter, says little of how busy that time was. */
const shortestWindowMs = 500;

/**
 * Figures of the time since the last reading, for more than one reader: an app may have two metric readers, and the second
 * to ask would get those of the moment since the first has asked. Who asks soon after another gets the same.
 */
export function sharedReading<T>(read: () => T, nowMs: () => number): () => T {
  let last: { readonly value: T; readonly atMs: number } | undefined;
  return () => {
    const atMs = nowMs();
    if (last === undefined || atMs - last.atMs >= shortestWindowMs) last = { value: read(), atMs };
    return last.value;
  };
}
