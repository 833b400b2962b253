import type { Kind } from '../lifetime/kind.ts';
import type { Frame, Site } from '../lifetime/site.ts';
import type { Charge } from './detector.ts';
import type { Suspicion } from './finding.ts';
import { explainsGrowth } from './heap-explained.ts';

/** Who owns whom: of several charges with one cause the highest is told. */
const rank: Readonly<Record<Kind, number>> = {
  generator: 90,
  lease: 85,
  client: 80,
  worker: 75,
  process: 74,
  web_stream: 62,
  'http.response_body': 61,
  stream: 60,
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

/** What a thing of the app's comes over: opened a line or two before that by the same function. */
const isCarrier: ReadonlySet<Kind> = new Set<Kind>(['http.response_body', 'stream', 'client', 'socket']);

/** How far the counts of two charges may be apart when one is the other's doing. */
const countTolerance = 0.35;

/** Charges sorted out. */
export interface Attribution {
  readonly causes: readonly Charge[];
  /** Of each other charge, by its key: the cause whose doing it is. */
  readonly causeOf: ReadonlyMap<string, Charge>;
}

/**
 * One cause, one finding. A generator, the client it made and the client's socket all stand when the generator is
 * left: charges at the same line, or whose stack passes through the line of another charge, belong to that one; so does
 * what a library opened for something of its own (an agent's pools, their sockets), and what no line of the app could be
 * found for, when another of the same scope and number has one.
 *
 * @param told keys of the charges that are told already: among equals they stay the ones to be told
 */
export function attributed(charges: readonly Charge[], told: ReadonlySet<string> = new Set()): Attribution {
  const { leaks, hints } = Object.groupBy(charges, ({ suspicion }) => (isHint(suspicion) ? 'hints' : 'leaks'));
  return withHints(attributedLeaks(leaks ?? [], told), hints ?? []);
}

function attributedLeaks(charges: readonly Charge[], told: ReadonlySet<string>): Attribution {
  const standing = ({ key }: Charge): number => (told.has(key) ? 1 : 0);
  const strongest = strongestOfEach(charges, standing);
  const rankOf = rankBeside(strongest);
  const ranked = strongest.toSorted(
    (a, b) =>
      placed(b) - placed(a) ||
      rankOf(b) - rankOf(a) ||
      compare(framesBelowApp(a.suspicion), framesBelowApp(b.suspicion)) ||
      standing(b) - standing(a) ||
      b.suspicion.count - a.suspicion.count,
  );
  const causes: Charge[] = [];
  const causeOf = new Map<string, Charge>();
  for (const charge of ranked) {
    const cause = causes.find((one) => isDoingOf(charge.suspicion, one.suspicion));
    if (cause === undefined) causes.push(charge);
    else causeOf.set(charge.key, cause);
  }
  return { causes, causeOf };
}

/** A cost, no leak: no leak is its doing. */
const isHint = ({ type }: Suspicion): boolean => type === 'client_churn' || type === 'client_sockets';

/** A hint gives way to a client that leaks at its line, and to what the app makes more directly: a pool, not its clients. */
function withHints(leaks: Attribution, hints: readonly Charge[]): Attribution {
  const causes = [...leaks.causes];
  const causeOf = new Map(leaks.causeOf);
  const direct = hints.toSorted((a, b) => compare(framesBelowApp(a.suspicion), framesBelowApp(b.suspicion)));
  for (const hint of direct) {
    const cause = causes.find(({ suspicion }) => isMadeWith(hint.suspicion, suspicion));
    if (cause === undefined) causes.push(hint);
    else causeOf.set(hint.key, cause);
  }
  return { causes, causeOf };
}

function isMadeWith(hint: Suspicion, client: Suspicion): boolean {
  if (client.kind !== 'client' || client.site === null || hint.site === null) return false;
  if (lineOf(client.site.frame) === lineOf(hint.site.frame)) return true;
  return (
    hint.scopeName === client.scopeName &&
    hint.resourceType !== client.resourceType &&
    isOfSameLibrary(hint.site, client.site) &&
    isOwnedBy(hint, client)
  );
}

const isOfSameLibrary = (a: Site, b: Site): boolean => a.libraries.some((library) => b.libraries.includes(library));

/** A client at the line of a response that nobody took is what a library makes for that one call: it goes with the response. */
function rankBeside(charges: readonly Charge[]): (charge: Charge) => number {
  const responses = charges.filter(({ suspicion }) => suspicion.kind === 'http.response_body');
  const linesOfResponses = new Set(
    responses.flatMap(({ suspicion: { site } }) => (site === null ? [] : [lineOf(site.frame)])),
  );
  return ({ suspicion: { kind, site } }) =>
    kind === 'client' && site !== null && linesOfResponses.has(lineOf(site.frame)) ? rank.stream : rank[kind];
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
  const passesThrough = effect.site?.frames.some((frame) => lineOf(frame) === causeLine) === true;
  // its frames are where functions begin, and each function has its own part of the growth
  if (effect.kind === 'heap')
    return explainsGrowth(cause.kind) && (passesThrough || isSameFunction(effect.site, cause.site));
  if (passesThrough) return true;
  if (isSameFunction(effect.site, cause.site) && (isWaitFor(effect, cause) || isCarriedBy(effect, cause))) return true;
  if (effect.scopeName !== cause.scopeName || effect.resourceType === cause.resourceType) return false;
  const sameLibrary = effect.site !== null && isOfSameLibrary(effect.site, cause.site);
  if (effect.site?.inApp === true) return sameLibrary && isOwnedBy(effect, cause);
  return sameLibrary || sameNumber(effect, cause);
}

/** Work that listens and waits: of one sampled, the other counted, their numbers say nothing. */
const isWaitFor = (effect: Suspicion, cause: Suspicion): boolean =>
  effect.kind === 'context' && cause.kind === 'listener';

const isCarriedBy = (effect: Suspicion, cause: Suspicion): boolean =>
  isCarrier.has(effect.kind) && sameNumber(effect, cause);

/**
 * An agent has a pool, that two clients, each a socket: the app made the owner more directly. Their numbers say nothing, for
 * of each another share has its line known.
 */
const isOwnedBy = (effect: Suspicion, owner: Suspicion): boolean =>
  rank[effect.kind] <= rank[owner.kind] && framesBelowApp(effect) > framesBelowApp(owner);

/** One line may watch many queues: each is a cause of its own. */
const nameOfQueue = ({ kind, resourceType }: Suspicion): string =>
  kind === 'queue' || kind === 'collection' ? resourceType : '';

const isSameFunction = (a: Site | null, b: Site | null): boolean =>
  a !== null && b !== null && a.frame.fn !== '' && a.frame.fn === b.frame.fn && a.frame.file === b.frame.file;

const sameNumber = (a: Suspicion, b: Suspicion): boolean =>
  Math.abs(a.count - b.count) <= countTolerance * Math.max(a.count, b.count);

const lineOf = ({ file, line }: Frame): string => `${file}:${line}`;
