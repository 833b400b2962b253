// Holds so many open lifetimes of so many origins and tells of each sweep its longest slice and all of them together, by the
// clock or, so that other processes do not count, by the clock without the time for which the main thread waited for a core.
// Not by `process.cpuUsage()`, helper threads are in it, nor by `threadCpuUsage()`, which the kernel books by ticks of 4 ms.
import { openSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Scope } from '../../src/lifetime/scope.ts';
import { Nursery } from '../../src/lifetime/nursery.ts';
import type { Site } from '../../src/lifetime/site.ts';
import { streamProbe } from '../../src/observe/hooks/streams.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { resolvedConfig } from '../../src/sdk/config.ts';
import { Engine } from '../../src/sdk/engine.ts';

const [by, ...numbers] = process.argv.slice(2);
const [open = 0, origins = 0, sweeps = 0] = numbers.map(Number);
const warmUpSweeps = 50;

const { nowMs, wallMs } = systemClock();
const schedstat = by === 'cpu' ? openSync('/proc/self/schedstat', 'r') : -1;
const text = Buffer.alloc(64);
/** For how long the main thread was ready to run and had no core; Linux tells. */
const waitedMs = (): number => {
  const [, waitedNs] = text.toString('latin1', 0, readSync(schedstat, text, 0, 64, 0)).split(' ');
  return Number(waitedNs) / 1e6;
};
const clock = by === 'cpu' ? { wallMs, nowMs: () => nowMs() - waitedMs() } : { wallMs, nowMs };
const options = { sweepIntervalMs: 3_600_000, stderr: 'off' } as const;
const engine = new Engine(
  resolvedConfig({ options, env: process.env, folder: undefined, warn: () => {} }).config,
  clock,
);
engine.start('next-turn');
while (engine.judging === undefined) await delay(10);
const { ledger } = engine;
const { sweep } = engine.judging;

const siteAt = (line: number): Site => {
  const frame = { file: '/app/server.js', line, column: 3, fn: 'handler' };
  return { id: line, frame, inApp: true, frames: [frame], libraries: [], captures: 1 };
};
const type = ledger.defineType({ kind: 'stream', name: 'Held', probe: streamProbe, judgement: 'scope', advice: '' });
const sites = Array.from({ length: origins }, (_, i) => siteAt(i + 1));
const nursery = new Nursery(new Scope('request', 'GET /held', 0, undefined));
const held: object[] = [];
for (const line of Array(open).keys()) {
  const state = { destroyed: false, endEmitted: false, length: 0 };
  const thing = { bytesRead: 0, _readableState: state, _writableState: state };
  held.push(thing);
  ledger.openSurvivor(nursery, thing, type, type.originAt(sites[line % origins] ?? siteAt(0)));
}
ledger.endScope(nursery);

const longestMs: number[] = [];
const togetherMs: number[] = [];
for (let i = 0; i < warmUpSweeps + sweeps; i++) {
  const { count, busyMs } = sweep;
  sweep.run();
  while (sweep.count === count || sweep.underWay) await delay(1);
  if (i < warmUpSweeps) continue;
  longestMs.push(sweep.longestOfSweepMs);
  togetherMs.push(sweep.busyMs - busyMs);
}
console.log(JSON.stringify({ held: held.length, longestMs, togetherMs }));
process.exit(0);
