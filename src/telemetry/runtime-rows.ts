import { attribute, otherName } from './names.ts';
import type { ScalarKey } from './metric-table.ts';
import type { NameCap } from './name-cap.ts';
import { spacesByName } from './heap-spaces.ts';
import type { RuntimeReading, TelemetryMemory } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

/** The metrics of the semantic conventions for processes, V8 and Node. */
export function fillRuntime(
  sheet: ScalarSheet,
  runtime: RuntimeReading,
  memory: TelemetryMemory,
  resourceTypes: NameCap,
): void {
  fillProcess(sheet, runtime, memory);
  for (const [name, { usedBytes, committedBytes }] of spacesByName(memory.spaces)) {
    sheet.set('runtime', 'heapUsed', usedBytes, { [attribute.heapSpace]: name });
    sheet.set('runtime', 'heapSpaceSize', committedBytes, { [attribute.heapSpace]: name });
  }
  for (const [type, count] of [...runtime.activeResources].toSorted(([, a], [, b]) => b - a)) {
    const told = resourceTypes.admits(type) ? type : otherName;
    sheet.add('runtime', 'activeResources', count, { [attribute.activeResource]: told });
  }
  fillEventLoop(sheet, runtime.eventLoop);
}

function fillProcess(sheet: ScalarSheet, { process: read }: RuntimeReading, { rssBytes }: TelemetryMemory): void {
  if (read === undefined) return;
  const { cpu } = read;
  sheet.set('runtime', 'processMemoryUsage', rssBytes);
  if (read.virtualBytes !== undefined) sheet.set('runtime', 'processMemoryVirtual', read.virtualBytes);
  if (read.openDescriptors !== undefined) sheet.set('runtime', 'processDescriptors', read.openDescriptors);
  sheet.set('runtime', 'processCpuTime', cpu.userS, { [attribute.cpuMode]: 'user' });
  sheet.set('runtime', 'processCpuTime', cpu.systemS, { [attribute.cpuMode]: 'system' });
  sheet.set('runtime', 'processCpuUtilization', cpu.userRatio, { [attribute.cpuMode]: 'user' });
  sheet.set('runtime', 'processCpuUtilization', cpu.systemRatio, { [attribute.cpuMode]: 'system' });
}

function fillEventLoop(sheet: ScalarSheet, { delay, activeS, idleS, utilizationRatio }: RuntimeReading['eventLoop']) {
  const delays: readonly (readonly [ScalarKey, number])[] = [
    ['eventLoopDelayMin', delay.minS],
    ['eventLoopDelayMax', delay.maxS],
    ['eventLoopDelayMean', delay.meanS],
    ['eventLoopDelayStddev', delay.stddevS],
    ['eventLoopDelayP50', delay.p50S],
    ['eventLoopDelayP90', delay.p90S],
    ['eventLoopDelayP99', delay.p99S],
  ];
  for (const [key, seconds] of delays) sheet.set('runtime', key, seconds);
  sheet.set('runtime', 'eventLoopTime', activeS, { [attribute.eventLoopState]: 'active' });
  sheet.set('runtime', 'eventLoopTime', idleS, { [attribute.eventLoopState]: 'idle' });
  sheet.set('runtime', 'eventLoopUtilization', utilizationRatio);
}
