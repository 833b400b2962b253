import { allName, attribute, otherName } from './names.ts';
import type { NameCap } from './name-cap.ts';
import type { Readings, SelfReading } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

export function fillSelf(sheet: ScalarSheet, readings: Readings, dropReasons: NameCap): void {
  const self = readings.self();
  sheet.set('own', 'selfCpuUtilization', self.cpuUtilization);
  sheet.set('own', 'selfMemory', self.memoryBytes);
  sheet.set('own', 'selfSweeps', self.sweeps);
  for (const [group, ratio] of ratiosOf(self)) {
    sheet.set('sampling', 'selfSamplingRatio', ratio, { [attribute.hookGroup]: group });
  }
  sheet.set('own', 'selfDrops', 0, { [attribute.dropReason]: otherName });
  for (const [reason, count] of self.drops) {
    if (count === 0) continue;
    const told = dropReasons.admits(reason) ? reason : otherName;
    sheet.add('own', 'selfDrops', count, { [attribute.dropReason]: told });
  }
}

/** By group of hooks; where they are all alike, one row says it. */
function ratiosOf({ samplingRatios }: SelfReading): (readonly [string, number])[] {
  const byGroup = [...samplingRatios];
  const [first] = byGroup;
  if (first === undefined || byGroup.some(([, ratio]) => ratio !== first[1])) return byGroup;
  return [[allName, first[1]]];
}
