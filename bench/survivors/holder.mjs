// Opens streams that stay open and tells what they cost: memory at each stop, and how long sweeps hold the loop.
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

const { stops, sweepIntervalMs, engineUrl } = JSON.parse(process.env.BENCH_HOLDER);
const outlive = engineUrl === undefined ? undefined : await import(engineUrl);
const sweepsAtAStop = 24;

/** What the process holds in and beside the heap once all garbage is gone. */
const heldBytes = async () => {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await delay(10);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** Ms of a slice on average, of each sweep meanwhile, and of the longest so far. */
const slicesDuring = async (work) => {
  if (outlive === undefined) return [];
  const means = [];
  for (let i = 0; i < sweepsAtAStop; i++) {
    const before = outlive.snapshot().held;
    work();
    await delay(sweepIntervalMs);
    const { slices, busyMs } = outlive.snapshot().held;
    if (slices > before.slices) means.push((busyMs - before.busyMs) / (slices - before.slices));
  }
  return [...means, outlive.snapshot().held.longestMs];
};

const nothing = () => {};
/** Streams of requests that are under way: none lives to the next sweep but one. */
const churn = () => Array.from({ length: 2000 }, () => new PassThrough()).length;

const held = [];
await delay(3 * sweepIntervalMs);
const results = [];
for (const stop of stops) {
  let slowestOpenMs = 0;
  while (held.length < stop) {
    const start = performance.now();
    const stream = new PassThrough();
    slowestOpenMs = Math.max(slowestOpenMs, performance.now() - start);
    held.push(stream);
    if (held.length % 1000 === 0) await delay(1);
  }
  const slicesMs = await slicesDuring(nothing);
  const bytes = await heldBytes();
  results.push({ open: stop, bytes, rssBytes: process.memoryUsage.rss(), slicesMs, slowestOpenMs, churnSlicesMs: [] });
}
results.at(-1).churnSlicesMs = await slicesDuring(churn);
console.log(JSON.stringify(results));
process.exit(0);
