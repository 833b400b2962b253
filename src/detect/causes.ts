import { CauseIndex } from './cause-index.ts';
import type { Charge } from './detector.ts';
import type { Suspicion } from './finding.ts';
import { framesBelowApp, isDoingOf, isMadeWith, isOpenedAtLineOf, lineOf, nameOfQueue, rank } from './kinship.ts';

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
 * found for, when another of the same scope and number has one. A hint gives way to a client that leaks at its line, and to
 * what the app makes more directly: a pool, not its clients. Each `undefined` is a place where it may pause.
 *
 * @param told keys of the charges that are told already: among equals they stay the ones to be told
 */
export function* attributed(
  charges: readonly Charge[],
  told: ReadonlySet<string> = new Set(),
): Generator<undefined, Attribution> {
  const { leaks = [], hints = [] } = Object.groupBy(charges, ({ suspicion }) =>
    isHint(suspicion) ? 'hints' : 'leaks',
  );
  const causes: Charge[] = [];
  const causeOf = new Map<string, Charge>();
  const index = new CauseIndex();
  for (const charge of [...leaksInOrder(leaks, told), ...hintsInOrder(hints)]) {
    yield;
    const cause = index.firstOf(charge.suspicion, isHint(charge.suspicion) ? isMadeWith : isDoingOf);
    if (cause === undefined) {
      causes.push(charge);
      index.add(charge);
    } else causeOf.set(charge.key, cause);
  }
  return { causes, causeOf };
}

/** A cost, no leak: no leak is its doing. */
const isHint = ({ type }: Suspicion): boolean => type === 'client_churn' || type === 'client_sockets';

const hintsInOrder = (hints: readonly Charge[]): Charge[] =>
  hints.toSorted((a, b) => compare(framesBelowApp(a.suspicion), framesBelowApp(b.suspicion)));

/** Those first whose doing others may be. */
function leaksInOrder(charges: readonly Charge[], told: ReadonlySet<string>): Charge[] {
  const standing = ({ key }: Charge): number => (told.has(key) ? 1 : 0);
  const strongest = strongestOfEach(charges, standing);
  const rankOf = rankBeside(strongest);
  const isPart = partOf(strongest);
  return strongest
    .map((charge) => ({
      charge,
      placed: charge.suspicion.site?.inApp === true && !isPart(charge.suspicion) ? 1 : 0,
      rank: rankOf(charge),
      framesBelow: framesBelowApp(charge.suspicion),
      standing: standing(charge),
      count: charge.suspicion.count,
    }))
    .toSorted(
      (a, b) =>
        b.placed - a.placed ||
        b.rank - a.rank ||
        compare(a.framesBelow, b.framesBelow) ||
        b.standing - a.standing ||
        b.count - a.count,
    )
    .map(({ charge }) => charge);
}

/** Whether most of the same was told at the line that opens it. */
function partOf(charges: readonly Charge[]): (suspicion: Suspicion) => boolean {
  const unplaced = charges.map(({ suspicion }) => suspicion).filter(({ site }) => site?.inApp === false);
  const byLine = Map.groupBy(unplaced, ({ site }) => (site === null ? '' : lineOf(site.frame)));
  return (few) => {
    const at = few.site?.openedAt;
    return at !== undefined && (byLine.get(lineOf(at)) ?? []).some((all) => isOpenedAtLineOf(few, all));
  };
}

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
