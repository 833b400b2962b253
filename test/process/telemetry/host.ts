import { isMainThread } from 'node:worker_threads';
import { GcWatch } from '../../../src/runtime/gc-watch.ts';
import { MemoryReadings } from '../../../src/runtime/memory-readings.ts';
import { ProcessReadings } from '../../../src/runtime/process-readings.ts';
import { ownTimers, runOutsideContext } from '../../../src/runtime/timers.ts';
import type { Readings } from '../../../src/telemetry/readings.ts';
import { startTelemetry, type Telemetry } from '../../../src/telemetry/telemetry.ts';
import { FakeReadings, someFinding } from '../../unit/telemetry/fake-readings.ts';

const nowMs = (): number => performance.now();

/** What the sdk does, for a program of a test: real readings of this process, a made-up ledger, a sweep each 50 ms. */
export async function startHost({
  runtimeMetrics = 'auto',
}: { runtimeMetrics?: 'auto' | 'on' | 'off' } = {}): Promise<Telemetry> {
  const telemetry = await startTelemetry({
    readings: hostReadings(),
    version: '0.0.0-test',
    env: process.env,
    runtimeMetrics,
    describe: ({ type, place }) => `${type} at ${place?.file}:${place?.line}`,
    quietly: runOutsideContext,
    warn: (line) => console.error(`outlive: ${line}`),
    failed: (what, error) => console.error(`outlive FAILED: ${what}`, error),
    rerouted: (routes) => console.error(`outlive rerouted: ${JSON.stringify(routes)}`),
    nowMs,
    setTimeout: ownTimers.setTimeout,
  });
  console.error(`outlive routes: ${JSON.stringify(telemetry.routes)} api ${telemetry.appApiVersion}`);
  for (const note of telemetry.notes) console.error(`outlive note: ${note}`);
  ownTimers.setInterval(() => telemetry.onSweep(), 50);
  return telemetry;
}

export const finding = someFinding({
  trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 },
});

function hostReadings(): Readings {
  const memory = new MemoryReadings({ ofProcess: isMainThread });
  const runtime = new ProcessReadings({ ofProcess: isMainThread, nowMs });
  const gcs = new GcWatch();
  gcs.attach();
  const ledger = new FakeReadings();
  ledger.tally('stream', { opened: 40, released: 20, abandoned: 3, bufferedBytes: 100 }).unreleasedLikely = 17;
  ledger.tally('stream', { opened: 40 }).lifetimeSamplesS.push(0.1);
  ledger.scopes = [['GET /files/:id', 2]];
  ledger.request('GET /files/:id', 200, 12);
  ledger.watched = [
    { name: 'q', size: 1, capacity: 9, enqueued: 3, dequeued: 2, oldestS: 1, growthRatePerS: 0, memoryBytes: 8 },
  ];
  ledger.standing = [finding];
  ledger.counts = [{ type: finding.type, certainty: 'likely', raised: 1, resolved: 1, retracted: 0, suppressed: 1 }];
  ledger.sweepDurationsS = [0.001];
  ledger.rssSamplesBytes = isMainThread ? [process.memoryUsage.rss()] : [];
  return Object.assign(ledger, {
    memory: () => ({
      ...memory.read(),
      heapLiveBytes: gcs.heapLiveBytes,
      ofProcess: isMainThread,
      growth: undefined,
    }),
    runtime: () => runtime.read(),
    drainGcs: () => gcs.drain(),
  });
}
