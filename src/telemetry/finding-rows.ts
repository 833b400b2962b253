import type { FindingCount } from '../detect/finding-counts.ts';
import type { Finding } from '../detect/finding.ts';
import { attribute, otherName } from './names.ts';
import type { ScalarKey } from './metric-table.ts';
import type { NameCap } from './name-cap.ts';
import type { Readings } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

/** What stands and at whose place, then what was ever said: where the budget is short, the last are left out. */
export function fillFindings(sheet: ScalarSheet, readings: Readings, ids: NameCap): void {
  const standing = [...readings.findings()];
  for (const finding of standing) fillActive(sheet, finding);
  for (const finding of standing.toSorted((a, b) => b.count - a.count)) fillCulprit(sheet, finding, ids);
  const counts = [...readings.findingCounts()];
  for (const count of counts) fillCount(sheet, 'findingRaised', count, count.raised);
  // beside `raised` from the start, so that 1 − retracted/raised has an answer before the first mistake
  for (const count of counts) fillCount(sheet, 'findingRetracted', count, count.retracted);
  for (const count of counts) if (count.resolved > 0) fillCount(sheet, 'findingResolved', count, count.resolved);
  for (const count of counts) if (count.suppressed > 0) fillCount(sheet, 'findingSuppressed', count, count.suppressed);
}

function fillActive(sheet: ScalarSheet, { type, certainty, severity }: Finding): void {
  const rest = { [attribute.findingCertainty]: certainty, [attribute.findingSeverity]: severity };
  const told = sheet.add('active', 'findingActive', 1, { [attribute.findingType]: type, ...rest });
  if (!told) sheet.add('other', 'findingActive', 1, { [attribute.findingType]: otherName, ...rest });
}

function fillCulprit(sheet: ScalarSheet, { id, type, scopeName, count }: Finding, ids: NameCap): void {
  const scope = scopeName === undefined ? {} : { [attribute.scopeName]: scopeName };
  const attributes = { [attribute.findingId]: id, [attribute.findingType]: type, ...scope };
  if (ids.admits(id) && sheet.set('findings', 'findingResources', count, attributes)) return;
  const folded = { [attribute.findingId]: otherName, [attribute.findingType]: otherName };
  sheet.add('other', 'findingResources', count, folded);
}

function fillCount(sheet: ScalarSheet, key: ScalarKey, { type, certainty }: FindingCount, value: number): void {
  sheet.set('findings', key, value, { [attribute.findingType]: type, [attribute.findingCertainty]: certainty });
}
