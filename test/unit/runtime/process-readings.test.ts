import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { CpuMeter } from '../../../src/runtime/process-cpu.ts';
import { EventLoopMeter } from '../../../src/runtime/process-event-loop.ts';
import { ProcessReadings } from '../../../src/runtime/process-readings.ts';
import { textFiles } from './text-files.ts';

const systemNowMs = (): number => performance.now();

test('cpu: the share is of the time since the last reading, over all CPUs', () => {
  let nowMs = 0;
  const meter = new CpuMeter(() => nowMs);
  const until = process.cpuUsage().user + 20_000;
  while (process.cpuUsage().user < until);
  nowMs = 1_000_000;
  const { userRatio, userS } = meter.read();
  assert.ok(userRatio > 0 && userRatio < 0.001, `${userRatio}`);
  assert.ok(userS > 0.02);
  nowMs += 1;
  assert.ok(meter.read().userRatio >= 0);
});

test('event loop: an idle loop has no delay, a blocked one its length, an unread one no NaN', async () => {
  const meter = new EventLoopMeter();
  assert.deepEqual(new Set(Object.values(meter.read().delay)), new Set([0]));
  const blockedMs = 200;
  await sleep(60);
  const untilMs = performance.now() + blockedMs;
  while (performance.now() < untilMs);
  await sleep(60);
  const { delay, activeS, utilizationRatio } = meter.read();
  meter.detach();
  assert.ok(delay.maxS > 0.1 && delay.maxS < 0.5, `${delay.maxS}`);
  assert.ok(delay.minS < 0.05, `${delay.minS}`);
  assert.ok(activeS > 0 && utilizationRatio > 0 && utilizationRatio <= 1);
});

test('a worker thread tells its event loop and leaves the process to the main thread', () => {
  const { read } = textFiles({ '/proc/self/status': 'Name:\tnode\nVmSize:\t  2048 kB\n' });
  assert.equal(new ProcessReadings({ ofProcess: false, nowMs: systemNowMs, readText: read }).read().process, undefined);
  const main = new ProcessReadings({ ofProcess: true, nowMs: systemNowMs, readText: read }).read();
  assert.equal(main.process?.virtualBytes, 2048 * 1024);
  assert.ok([...main.activeResources.values()].every((count) => count > 0));
});
