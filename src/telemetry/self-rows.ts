import { attribute, otherName } from './names.ts';
import type { NameCap } from './name-cap.ts';
import type { Readings } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

export function fillSelf(sheet: ScalarSheet, readings: Readings, dropReasons: NameCap): void {
  const self = readings.self();
  sheet.set('own', 'selfCpuUtilization', self.cpuUtilization);
  sheet.set('own', 'selfMemory', self.memoryBytes);
  sheet.set('own', 'selfSweeps', self.sweeps);
  for (const [group, ratio] of self.samplingRatios) {
    sheet.set('sampling', 'selfSamplingRatio', ratio, { [attribute.hookGroup]: group });
  }
  for (const [reason, count] of self.drops) {
    const told = dropReasons.admits(reason) ? reason : otherName;
    sheet.add('own', 'selfDrops', count, { [attribute.dropReason]: told });
  }
}
