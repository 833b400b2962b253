import type { Tally } from '../lifetime/tally.ts';
import { allName, attribute } from './names.ts';
import { type Phase, phasesInTurn, type Readings } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

/** What is told of each kind, the most telling first: where the budget is short, the last are left out. */
export function fillResources(sheet: ScalarSheet, readings: Readings): void {
  const tallies = [...readings.tallies()].filter(({ opened }) => opened > 0);
  for (const tally of tallies) fillOpen(sheet, tally);
  // listeners and work that does not settle are counted by their findings alone
  for (const tally of readings.tallies()) fillUnreleased(sheet, tally);
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

/**
 * By kind; where all kinds are in the same phase, as at first and in the end, one row a phase says it. A detached one is
 * told beside them, from the first time on.
 */
function fillState(sheet: ScalarSheet, readings: Readings, tallies: readonly Tally[]): void {
  const all = tallies.map(({ kind }) => [kind, readings.phaseOf(kind)] as const);
  for (const [kind, phase] of all) {
    if (phase === 'detached') sheet.set('own', 'selfState', 1, attributesOf(phase, kind));
  }
  const byKind = all.filter(([, phase]) => phase !== 'detached');
  const common = byKind.every(([, phase]) => phase === byKind[0]?.[1]) ? byKind[0]?.[1] : undefined;
  for (const phase of phasesInTurn) {
    sheet.set('own', 'selfState', phase === common ? 1 : 0, attributesOf(phase, allName));
    if (common !== undefined) continue;
    for (const [kind, its] of byKind) sheet.set('kinds', 'selfState', its === phase ? 1 : 0, attributesOf(phase, kind));
  }
}

const attributesOf = (phase: Phase, kind: string) => ({ [attribute.phase]: phase, [attribute.kind]: kind });
