// Fills its heap to more than eight tenths, steadily, and holds it until it is told to let go.
import { getHeapStatistics } from 'node:v8';
import { watchCollection, watchQueue } from 'outlive';

const bytesPerS = 3e6;
const full = 0.85;
const chunkBytes = 10_000;

const kept = [];
const startedMs = performance.now();
watchQueue('chunks', { size: () => kept.length, capacity: 100_000, oldest: () => kept[0]?.sinceMs });

// what an ignore rule keeps silent is counted, too
const seen = new Set();
watchCollection('ticks seen', { size: () => seen.size });

setInterval(() => seen.add(seen.size), 20);
const filling = setInterval(() => {
  const dueBytes = ((performance.now() - startedMs) / 1000) * bytesPerS;
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
  if (usedBytes > limitBytes * full) return;
  while (kept.length * chunkBytes < dueBytes) {
    kept.push({ sinceMs: Date.now(), numbers: Array.from({ length: chunkBytes / 8 }, () => kept.length) });
  }
}, 20);
setInterval(() => globalThis.gc(), 2_000);

process.on('message', () => {
  clearInterval(filling);
  kept.length = 0;
});
process.once('disconnect', () => process.exit());
