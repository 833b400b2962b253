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

/** One row says it of all groups of hooks that look at the same share, and of those that look at another each its own. */
function ratiosOf({ samplingRatios }: SelfReading): (readonly [string, number])[] {
  const byGroup = [...samplingRatios];
  const common = mostOften(byGroup.map(([, ratio]) => ratio));
  if (common === undefined) return [];
  return [[allName, common], ...byGroup.filter(([, ratio]) => ratio !== common)];
}

function mostOften(values: readonly number[]): number | undefined {
  const groups = [...Map.groupBy(values, (value) => value).values()];
  return groups.toSorted((a, b) => b.length - a.length)[0]?.[0];
}
