// An app that tells a finding every few ms and collects metrics as fast, for as long as it is told.
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { finding, startHost } from '../host.ts';

const telemetry = await startHost();
const errors: unknown[] = [];
process.on('uncaughtException', (error) => errors.push(String(error)));
process.on('unhandledRejection', (error) => errors.push(String(error)));

const liveBytes = async (): Promise<number> => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await turn();
  }
  return process.memoryUsage().heapUsed;
};
const busy = async (ms: number): Promise<void> => {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs) {
    for (let i = 0; i < 5; i++) telemetry.emit({ ...finding, id: `f${Math.random()}` });
    await sleep(2);
  }
};

/** The least of some readings: an export under way holds its batch, some 600 kB, for a moment. */
const floorBytes = async (readings: number): Promise<number> => {
  let least = Infinity;
  for (let i = 0; i < readings; i++) {
    await busy(200);
    least = Math.min(least, await liveBytes());
  }
  return least;
};

const before = await floorBytes(8);
await busy(2000);
const grownBytes = (await floorBytes(5)) - before;
const startedMs = performance.now();
const through = await telemetry.shutdown(500);
const shutdownMs = performance.now() - startedMs;
console.log(JSON.stringify({ grownBytes, through, shutdownMs, errors }));
