import type { Kind } from '../lifetime/kind.ts';
import type { Frame, Site } from '../lifetime/site.ts';
import type { Suspicion } from './finding.ts';
import { explainsGrowth } from './heap-explained.ts';

/** Who owns whom: of several charges with one cause the highest is told. */
export const rank: Readonly<Record<Kind, number>> = {
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

/** What one line of a library opens, of which few were traced to a call of the app, is told at that line. */
export const isOpenedAtLineOf = (few: Suspicion, all: Suspicion): boolean =>
  few.site?.openedAt !== undefined &&
  all.site !== null &&
  few.resourceType === all.resourceType &&
  few.count < all.count &&
  lineOf(few.site.openedAt) === lineOf(all.site.frame);

/** What a thing of the app's comes over: opened a line or two before that by the same function. */
const isCarrier: ReadonlySet<Kind> = new Set<Kind>(['http.response_body', 'stream', 'client', 'socket']);

/** How far the counts of two charges may be apart when one is the other's doing; the index knows that it is below a half. */
const countTolerance = 0.35;

/** Whether what one says comes of what the other says. */
export function isDoingOf(effect: Suspicion, cause: Suspicion): boolean {
  if (cause.site === null || nameOfQueue(effect) !== nameOfQueue(cause)) return false;
  const { file, line } = cause.site.frame;
  const passesThrough = effect.site?.frames.some((frame) => frame.line === line && frame.file === file) === true;
  // its frames are where functions begin, and each function has its own part of the growth
  if (effect.kind === 'heap')
    return explainsGrowth(cause.kind) && (passesThrough || isSameFunction(effect.site, cause.site));
  if (passesThrough || isOpenedAtLineOf(effect, cause)) return true;
  if (isSameFunction(effect.site, cause.site) && (isWaitFor(effect, cause) || isCarriedBy(effect, cause))) return true;
  if (effect.scopeName !== cause.scopeName || effect.resourceType === cause.resourceType) return false;
  const sameLibrary = effect.site !== null && isOfSameLibrary(effect.site, cause.site);
  if (effect.site?.inApp === true) return sameLibrary && isOwnedBy(effect, cause);
  return sameLibrary || sameNumber(effect, cause);
}

/** Whether a hint has nothing to add to what is said of a client. */
export function isMadeWith(hint: Suspicion, client: Suspicion): boolean {
  if (client.kind !== 'client' || client.site === null || hint.site === null) return false;
  if (lineOf(client.site.frame) === lineOf(hint.site.frame)) return true;
  return (
    hint.scopeName === client.scopeName &&
    hint.resourceType !== client.resourceType &&
    isOfSameLibrary(hint.site, client.site) &&
    isOwnedBy(hint, client)
  );
}

/** What the app constructs itself stands closer to its line than what that makes later on. */
export function framesBelowApp({ site }: Suspicion): number {
  const at = site?.frames.indexOf(site.frame) ?? -1;
  return at < 0 ? Infinity : at;
}

/** One line may watch many queues: each is a cause of its own. */
export const nameOfQueue = ({ kind, resourceType }: Suspicion): string =>
  kind === 'queue' || kind === 'collection' ? resourceType : '';

export const lineOf = ({ file, line }: Frame): string => `${file}:${line}`;

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

const isOfSameLibrary = (a: Site, b: Site): boolean => a.libraries.some((library) => b.libraries.includes(library));

const isSameFunction = (a: Site | null, b: Site | null): boolean =>
  a !== null && b !== null && a.frame.fn !== '' && a.frame.fn === b.frame.fn && a.frame.file === b.frame.file;

const sameNumber = (a: Suspicion, b: Suspicion): boolean =>
  Math.abs(a.count - b.count) <= countTolerance * Math.max(a.count, b.count);
