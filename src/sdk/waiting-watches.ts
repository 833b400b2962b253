/** Watches from before the start; they begin with it. */
const waiting = new Set<() => void>();
const maxWaiting = 200;

/** @returns takes it back */
export function onceRunning(begin: () => void): () => void {
  if (waiting.size < maxWaiting) waiting.add(begin);
  return () => void waiting.delete(begin);
}

/** Begins the watches that were asked for before outlive ran. */
export function beginWaitingWatches(): void {
  for (const begin of waiting) begin();
  waiting.clear();
}
