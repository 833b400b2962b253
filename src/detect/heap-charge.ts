import { libraryOf } from '../lifetime/library.ts';
import type { Frame, Site } from '../lifetime/site.ts';
import type { Charge } from './detector.ts';
import type { Rate } from './finding.ts';
import type { GrowingPlace } from './heap-growing-places.ts';

/** A place that the profile named, as of the last read. */
export interface HeapAccusation {
  readonly place: GrowingPlace;
  readonly site: Site;
  /** When the profile began: nothing is known of what is older. */
  readonly startedMs: number;
  /** Between the first read and the last: the time in which the place gained its bytes. */
  readonly elapsedMs: number;
  outcome: 'resolved' | 'retracted';
}

export function heapCharge(key: string, accusation: HeapAccusation, nowMs: number): Charge {
  const { place, site, startedMs } = accusation;
  return {
    key,
    whenGone: () => accusation.outcome,
    suspicion: {
      type: place.flows ? 'growing_queue' : 'heap_growth',
      detector: 'growth',
      certainty: 'likely',
      severity: 'warning',
      kind: 'heap',
      resourceType: 'heap',
      site,
      scopeName: undefined,
      count: place.samples,
      opened: 0,
      bytes: place.bytes,
      oldestAgeMs: nowMs - startedMs,
      rate: rateOf(accusation),
      pattern: 'linear',
      trace: undefined,
      advice: adviceOf(place, site),
      retainedBy: pathInLibraries(place, site),
    },
  };
}

/** Bytes an hour; its interval is that of the number of samples, which come by chance, as many as Poisson says. */
function rateOf({ place: { gainBytes, errorBytes }, elapsedMs }: HeapAccusation): Rate | undefined {
  if (elapsedMs <= 0) return undefined;
  const perHour = 3_600_000 / elapsedMs;
  const half = 1.96 * errorBytes;
  return {
    value: gainBytes * perHour,
    low: Math.max(0, gainBytes - half) * perHour,
    high: (gainBytes + half) * perHour,
  };
}

function adviceOf({ share, flows }: GrowingPlace, { libraries, inApp }: Site): string {
  const percent = Math.max(1, Math.round(100 * share));
  const where = inApp && libraries.length > 0 ? `here by ${libraries.join(' and ')}` : 'here';
  if (flows) {
    return `what is allocated ${where} waits longer and longer before it is let go, ${percent} % of all that the heap gains: more goes into a queue than comes out; let work wait for room in it, refuse it while it is long, or take out more at a time`;
  }
  return `what is allocated ${where} is kept, ${percent} % of all that the heap gains: find what holds it (a cache, a map, a list, a promise that never settles) and bound it, or make it anew for each piece of work`;
}

const maxPathFrames = 5;

/** What the app's function called, down to where it was allocated. */
function pathInLibraries({ frames }: GrowingPlace, { frame }: Site): string | undefined {
  const at = frames.findIndex(({ file, line }) => file === frame.file && line === frame.line);
  const below = frames.slice(0, Math.max(0, at)).toReversed();
  if (below.length === 0) return undefined;
  const names = below.map(nameOf);
  const shown =
    names.length > maxPathFrames ? [...names.slice(0, 2), '…', ...names.slice(2 - maxPathFrames + 1)] : names;
  return `not known; it was allocated through ${shown.join(' → ')}`;
}

function nameOf({ file, fn }: Frame): string {
  const library = libraryOf(file);
  const name = fn === '' ? 'a function' : fn;
  return library === '' ? name : `${name} (${library})`;
}
