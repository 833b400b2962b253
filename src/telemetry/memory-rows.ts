import { attribute, residentSpaceName } from './names.ts';
import type { Readings, TelemetryMemory } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';
import { spacesByName } from './heap-spaces.ts';

export function fillMemory(sheet: ScalarSheet, readings: Readings, memory: TelemetryMemory): void {
  if (memory.heapLiveBytes !== undefined) sheet.set('own', 'memoryHeapLive', memory.heapLiveBytes);
  sheet.set('own', 'memoryHeapLimit', memory.heapLimitBytes);
  sheet.set('own', 'memoryExternal', memory.externalBytes);
  sheet.set('own', 'memoryArrayBuffers', memory.arrayBuffersBytes);
  sheet.set('own', 'memoryMalloced', memory.mallocedBytes);
  for (const { source, bytes } of memory.limits) {
    sheet.set('own', 'memoryLimit', bytes, { [attribute.limitSource]: source });
  }
  if (memory.pressureRatio !== undefined) sheet.set('own', 'memoryPressure', memory.pressureRatio);
  if (memory.oomKills !== undefined) sheet.set('own', 'memoryOomKills', memory.oomKills);
  fillFragmentation(sheet, memory);
  fillGrowth(sheet, memory);
  const slowRequests = readings.slowRequestsInGc();
  if (slowRequests !== undefined) sheet.set('own', 'gcSlowRequests', slowRequests);
}

function fillFragmentation(sheet: ScalarSheet, memory: TelemetryMemory): void {
  for (const [name, { usedBytes, committedBytes }] of spacesByName(memory.spaces)) {
    sheet.set('own', 'memoryFragmentation', unusedRatio(usedBytes, committedBytes), { [attribute.heapSpace]: name });
  }
  if (!memory.ofProcess) return;
  const usedBytes = memory.heapUsedBytes + memory.externalBytes + memory.mallocedBytes;
  const ratio = unusedRatio(usedBytes, memory.rssBytes);
  sheet.set('own', 'memoryFragmentation', ratio, { [attribute.heapSpace]: residentSpaceName });
}

const unusedRatio = (usedBytes: number, committedBytes: number): number =>
  committedBytes > 0 ? Math.min(Math.max(1 - usedBytes / committedBytes, 0), 1) : 0;

function fillGrowth(sheet: ScalarSheet, { growth }: TelemetryMemory): void {
  sheet.set('own', 'memoryGrowthRate', growth?.bytesPerS ?? 0);
  sheet.set('own', 'memoryGrowthEstablished', growth === undefined ? 0 : 1);
  sheet.set('own', 'memoryExhaustionRate', growth?.exhaustionPerHour ?? 0);
}
