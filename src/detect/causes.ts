import type { Kind } from '../lifetime/kind.ts';
import type { Frame } from '../lifetime/site.ts';
import type { Charge } from './detector.ts';
import type { Suspicion } from './finding.ts';

/** Who owns whom: of several charges with one cause the highest is told. */
const rank: Readonly<Record<Kind, number>> = {
  generator: 90,
  lease: 85,
  client: 80,
  worker: 75,
  process: 74,
  stream: 60,
  web_stream: 58,
  'http.response_body': 56,
  file: 54,
  timer: 50,
  listener: 46,
  task: 44,
  socket: 40,
  queue: 35,
  collection: 34,
  'http.request': 30,
  'http.connection': 20,
  context: 10,
  heap: 5,
};

/** How far the counts of two charges may be apart when one is the other's doing. */
const countTolerance = 0.35;

/**
 * One cause, one finding. A generator, the client it made and the client's socket all stand when the generator is
 * left: charges at the same line, or whose stack passes through the line of another charge, belong to that one; so does
 * what a library opened for something of its own (an agent's pools, their sockets), and what no line of the app could be
 * found for, when another of the same scope and number has one.
 *
 * @param told keys of the charges that are told already: among equals they stay the ones to be told
 */
export function causesOf(charges: Iterable<Charge>, told: ReadonlySet<string> = new Set()): Charge[] {
  const standing = ({ key }: Charge): number => (told.has(key) ? 1 : 0);
  const ranked = strongestOfEach(charges, standing).toSorted(
    (a, b) =>
      placed(b) - placed(a) ||
      rank[b.suspicion.kind] - rank[a.suspicion.kind] ||
      standing(b) - standing(a) ||
      compare(framesBelowApp(a.suspicion), framesBelowApp(b.suspicion)) ||
      b.suspicion.count - a.suspicion.count,
  );
  const causes: Charge[] = [];
  for (const charge of ranked) {
    if (!causes.some((cause) => isDoingOf(charge.suspicion, cause.suspicion))) causes.push(charge);
  }
  return causes;
}

/** Of several charges of one kind at one line, by different rules, the one that is proof, else the one that is told. */
function strongestOfEach(charges: Iterable<Charge>, standing: (charge: Charge) => number): Charge[] {
  const strongest = new Map<string, Charge>();
  const weight = (charge: Charge): number => (charge.suspicion.certainty === 'certain' ? 2 : 0) + standing(charge);
  for (const charge of charges) {
    const { site, kind } = charge.suspicion;
    const key = site === null ? charge.key : `${kind} ${nameOfQueue(charge.suspicion)} ${site.id}`;
    const other = strongest.get(key);
    const heavier =
      other === undefined ? 1 : weight(charge) - weight(other) || charge.suspicion.count - other.suspicion.count;
    if (heavier > 0) strongest.set(key, charge);
  }
  return [...strongest.values()];
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

const placed = ({ suspicion }: Charge): number => (suspicion.site?.inApp === true ? 1 : 0);

/** What the app constructs itself stands closer to its line than what that makes later on. */
function framesBelowApp({ site }: Suspicion): number {
  const at = site?.frames.indexOf(site.frame) ?? -1;
  return at < 0 ? Infinity : at;
}

function isDoingOf(effect: Suspicion, cause: Suspicion): boolean {
  if (cause.site === null || nameOfQueue(effect) !== nameOfQueue(cause)) return false;
  const causeLine = lineOf(cause.site.frame);
  if (effect.site?.frames.some((frame) => lineOf(frame) === causeLine) === true) return true;
  if (effect.scopeName !== cause.scopeName || effect.resourceType === cause.resourceType) return false;
  const sameLibrary = effect.site?.libraries.some((library) => cause.site?.libraries.includes(library)) === true;
  if (effect.site?.inApp === true)
    return sameLibrary && sameNumber(effect, cause) && rank[effect.kind] <= rank[cause.kind];
  return sameLibrary || sameNumber(effect, cause);
}

/** One line may watch many queues: each is a cause of its own. */
const nameOfQueue = ({ kind, resourceType }: Suspicion): string =>
  kind === 'queue' || kind === 'collection' ? resourceType : '';

const sameNumber = (a: Suspicion, b: Suspicion): boolean =>
  Math.abs(a.count - b.count) <= countTolerance * Math.max(a.count, b.count);

const lineOf = ({ file, line }: Frame): string => `${file}:${line}`;
