// Opens streams that stay open and tells what they cost in memory at each stop.
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

// what a service has loaded anyway is not outlive's
for (const name of ['child_process', 'http2', 'https', 'worker_threads']) await import(`node:${name}`);

const { stops, sweepIntervalMs } = JSON.parse(process.env.BENCH_HOLDER);
/** Time for the newborns to become survivors, and for their types to be seen. */
const sweepsAtAStop = 8;

/** What the process holds in and beside the heap once all garbage is gone. */
const heldBytes = async () => {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await delay(10);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** What judges is loaded when the app has opened something, or after 2 s. */
const judgesAfterMs = 2_500;

const held = [new PassThrough()];
await delay(judgesAfterMs);
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
  await delay(sweepsAtAStop * sweepIntervalMs);
  const bytes = await heldBytes();
  results.push({ open: stop, bytes, rssBytes: process.memoryUsage.rss(), slowestOpenMs });
}
console.log(JSON.stringify(results));
process.exit(0);
