import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapStatistics } from 'node:v8';
import { MemoryReadings } from '../../../src/runtime/memory-readings.ts';
import { textFiles } from './text-files.ts';

const dir = '/sys/fs/cgroup/a';
const group = (oomKills: number) => ({
  '/proc/self/mountinfo': '30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n',
  '/proc/self/cgroup': '0::/a\n',
  [`${dir}/memory.stat`]: '',
  [`${dir}/memory.max`]: '5000000\n',
  [`${dir}/memory.events`]: `oom_kill ${oomKills}\n`,
  '/proc/pressure/memory': 'some avg10=1.00 avg60=0 avg300=0 total=0\n',
});

test('a reading has every figure finite, and the limits by their source', () => {
  const reading = new MemoryReadings({ ofProcess: true, readText: textFiles(group(0)).read }).read();
  for (const [name, value] of Object.entries(reading)) {
    if (typeof value === 'number') assert.ok(Number.isFinite(value) && value >= 0, `${name} is ${value}`);
  }
  assert.equal(reading.pressureRatio, 0.01);
  assert.deepEqual(new Map(reading.limits.map(({ source, bytes }) => [source, bytes])).get('cgroup'), 5_000_000);
  // of the old objects: the room of the young ones, three semi-spaces of 16 to 64 MiB, is left out
  const v8 = reading.limits.find(({ source }) => source === 'v8')?.bytes ?? 0;
  assert.ok([48, 96, 192].includes((getHeapStatistics().heap_size_limit - v8) / 2 ** 20));
  assert.ok(reading.spaces.some(({ name }) => name === 'old_space'));
});

test('kills of before this process are not counted as its own', () => {
  const files = textFiles(group(5));
  const readings = new MemoryReadings({ ofProcess: true, readText: files.read });
  assert.equal(readings.read().oomKills, 0);
  files.write(`${dir}/memory.events`, 'oom_kill 6\n');
  assert.equal(readings.read().oomKills, 1);
});

test('a worker thread reads its own heap and leaves the process to the main thread', () => {
  const reading = new MemoryReadings({ ofProcess: false, readText: textFiles(group(0)).read }).read();
  assert.deepEqual(
    reading.limits.map(({ source }) => source),
    ['v8'],
  );
  assert.equal(reading.pressureRatio, undefined);
  assert.equal(reading.oomKills, undefined);
});

test('what this machine tells is read without a throw', () => {
  const reading = new MemoryReadings({ ofProcess: true }).read();
  assert.ok(reading.rssBytes > 10_000_000);
  assert.ok(reading.limits.every(({ bytes }) => bytes > 0 && bytes < 2 ** 60));
});
