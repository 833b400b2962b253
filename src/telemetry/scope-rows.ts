import { attribute, otherName } from './names.ts';
import type { NameCap } from './name-cap.ts';
import type { Readings } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

export function fillScopes(sheet: ScalarSheet, readings: Readings, names: NameCap): void {
  const active = [...readings.scopesActive()].filter(([, count]) => count > 0).toSorted(([, a], [, b]) => b - a);
  for (const [name, count] of active) {
    const told = names.admits(name) && sheet.set('scopes', 'scopeActive', count, { [attribute.scopeName]: name });
    if (!told) sheet.add('other', 'scopeActive', count, { [attribute.scopeName]: otherName });
  }
}
