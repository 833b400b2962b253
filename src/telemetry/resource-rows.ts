import type { Tally } from '../lifetime/tally.ts';
import { attribute, otherName } from './names.ts';
import type { Readings } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

/** What is told of each kind, the most telling first: where the budget is short, the last are left out. */
export function fillResources(sheet: ScalarSheet, readings: Readings): void {
  const tallies = [...readings.tallies()].filter(({ opened }) => opened > 0);
  for (const tally of tallies) fillOpen(sheet, tally);
  for (const tally of tallies) fillUnreleased(sheet, tally);
  for (const tally of tallies) fillEnded(sheet, tally);
  for (const { kind, bufferedBytes } of tallies) {
    if (bufferedBytes > 0) sheet.set('kinds', 'resourceBuffered', bufferedBytes, { [attribute.kind]: kind });
  }
  fillState(sheet, readings, tallies);
}

function fillOpen(sheet: ScalarSheet, { kind, open, opened }: Tally): void {
  const attributes = { [attribute.kind]: kind };
  sheet.set('kinds', 'resourceOpen', Math.max(open, 0), attributes);
  sheet.set('kinds', 'resourceOpened', opened, attributes);
}

function fillUnreleased(sheet: ScalarSheet, { kind, unreleasedLikely, unreleasedCertain }: Tally): void {
  for (const [certainty, count] of [
    ['likely', unreleasedLikely],
    ['certain', unreleasedCertain],
  ] as const) {
    if (count === 0) continue;
    const attributes = { [attribute.kind]: kind, [attribute.findingCertainty]: certainty };
    sheet.set('unreleased', 'resourceUnreleased', count, attributes);
  }
}

function fillEnded(sheet: ScalarSheet, tally: Tally): void {
  for (const end of ['released', 'errored', 'abandoned'] as const) {
    if (tally[end] === 0) continue;
    sheet.set('kinds', 'resourceEnded', tally[end], { [attribute.kind]: tally.kind, [attribute.end]: end });
  }
}

/** `judging` is told by kind; the kinds that still learn are told by their number: half the series, and no kind is missing. */
function fillState(sheet: ScalarSheet, readings: Readings, tallies: readonly Tally[]): void {
  let learning = 0;
  for (const { kind } of tallies) {
    const judges = readings.phaseOf(kind) === 'judging';
    if (!judges) learning++;
    sheet.set('kinds', 'selfState', judges ? 1 : 0, { [attribute.phase]: 'judging', [attribute.kind]: kind });
  }
  sheet.set('own', 'selfState', learning, { [attribute.phase]: 'learning', [attribute.kind]: otherName });
}
