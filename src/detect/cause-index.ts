import type { Charge } from './detector.ts';
import type { Suspicion } from './finding.ts';
import { framesBelowApp, lineOf, nameOfQueue } from './kinship.ts';

/** A cause and its place in the order of all. */
interface Entry {
  readonly at: number;
  readonly charge: Charge;
}

/**
 * Causes in their order, found by what an effect must share with its own: a line, a function, a library or about the same
 * number in one scope. Of those alike in all that decides there, the first is kept.
 */
export class CauseIndex {
  readonly #byTrait = new Map<string, Map<string, Entry>>();
  #size = 0;

  add(charge: Charge): void {
    const entry = { at: this.#size++, charge };
    for (const [trait, alike] of traitsOfCause(charge.suspicion)) {
      let entries = this.#byTrait.get(trait);
      if (entries === undefined) this.#byTrait.set(trait, (entries = new Map()));
      if (!entries.has(alike)) entries.set(alike, entry);
    }
  }

  /** The first of all that is a cause of this effect. */
  firstOf(effect: Suspicion, isCauseOf: (effect: Suspicion, cause: Suspicion) => boolean): Charge | undefined {
    let first: Entry | undefined;
    for (const trait of traitsOfEffect(effect)) {
      for (const entry of this.#byTrait.get(trait)?.values() ?? []) {
        if (first !== undefined && entry.at >= first.at) break;
        if (isCauseOf(effect, entry.charge.suspicion)) first = entry;
      }
    }
    return first?.charge;
  }
}

const joined = (...parts: readonly (string | number)[]): string => parts.join('\n');

function* traitsOfCause(cause: Suspicion): Iterable<readonly [trait: string, alike: string]> {
  const { site, kind, resourceType, count } = cause;
  if (site === null) return;
  const queue = nameOfQueue(cause);
  const scope = scopeOf(cause);
  const { frame, libraries } = site;
  const magnitude = magnitudeOf(count);
  yield [joined('line', queue, lineOf(frame)), kind];
  if (frame.fn !== '') {
    yield [joined('function', queue, frame.file, frame.fn), kind];
    yield [joined('function', queue, frame.file, frame.fn, magnitude), joined(count)];
  }
  for (const library of libraries)
    yield [joined('library', queue, scope, library), joined(resourceType, kind, framesBelowApp(cause))];
  yield [joined('number', queue, scope, magnitude), joined(resourceType, count)];
}

function* traitsOfEffect(effect: Suspicion): Iterable<string> {
  const { site } = effect;
  const queue = nameOfQueue(effect);
  const scope = scopeOf(effect);
  const magnitudes = [0, -1, 1].map((by) => magnitudeOf(effect.count) + by);
  if (site !== null) {
    const { frame, frames, libraries, openedAt } = site;
    for (const one of openedAt === undefined ? frames : [...frames, openedAt]) yield joined('line', queue, lineOf(one));
    if (frame.fn !== '') {
      yield joined('function', queue, frame.file, frame.fn);
      for (const magnitude of magnitudes) yield joined('function', queue, frame.file, frame.fn, magnitude);
    }
    for (const library of libraries) yield joined('library', queue, scope, library);
    if (site.inApp) return;
  }
  for (const magnitude of magnitudes) yield joined('number', queue, scope, magnitude);
}

const scopeOf = ({ scopeName }: Suspicion): string => (scopeName === undefined ? '' : `in ${scopeName}`);

/** The same number is of the same power of two or the next. */
const magnitudeOf = (count: number): number => (count > 0 ? Math.floor(Math.log2(count)) : -1);
