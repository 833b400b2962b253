import type { Ledger } from '../lifetime/ledger.ts';
import { type ListenerPiles, type Pile, type PilePlace, pileAt } from '../lifetime/listener-piles.ts';
import type { Charge, Detector } from './detector.ts';
import { openLoad } from './load.ts';
import { scaled } from './scaled.ts';
import { growthRate, risesIn } from './statistics/growth.ts';

/** What a pile must show before it is accused, and after which time it is taken back. */
export interface ListenerRule {
  readonly minListeners: number;
  /** Windows of 8 sweeps over which it must go on growing. */
  readonly growingWindows: number;
  /** Of the sampled listeners of one line, how many must have stayed, and what share of them. */
  readonly minKept: number;
  readonly minKeptShare: number;
  /** Sweeps without a new high, while listeners are still added, after which the accusation is taken back. */
  readonly plateauSweeps: number;
}

/** @param factor by which all of it is multiplied */
export const listenerRule = (factor = 1): ListenerRule =>
  scaled<ListenerRule>(
    { minListeners: 128, growingWindows: 3, minKept: 3, minKeptShare: 0.02, plateauSweeps: 96 },
    factor,
    { shares: ['minKeptShare'] },
  );

interface Accused {
  readonly place: PilePlace;
  readonly atLevel: number;
  high: number;
  highSweep: number;
  addsAtHigh: number;
  outcome: 'resolved' | 'retracted';
}

/**
 * Listeners of one event that pile up on one emitter or signal: 128 and more, still growing 24 sweeps on, not with the
 * number of open requests and connections, and those added at the accused line stay. A plateau, however high, is none.
 */
export class GrowingListeners implements Detector {
  readonly name = 'growing-listeners';
  readonly #ledger: Ledger;
  readonly #piles: ListenerPiles;
  readonly #rule: ListenerRule;
  readonly #accused = new Map<Pile, Accused>();

  constructor(ledger: Ledger, piles: ListenerPiles, rule = listenerRule()) {
    this.#ledger = ledger;
    this.#piles = piles;
    this.#rule = rule;
  }

  /** Names of the scopes whose work a standing accusation explains. */
  get accusedScopes(): ReadonlySet<string> {
    return new Set([...this.#accused.values()].map(({ place }) => place.scope.bestName));
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    yield* this.#piles.look(sweep, nowMs, openLoad(this.#ledger));
    for (const pile of this.#piles) {
      yield;
      const place = this.#accused.has(pile) ? undefined : culpritOf(pile, this.#rule);
      if (place !== undefined) this.#accused.set(pile, newlyAccused(pile, place, sweep));
    }
    for (const [pile, accused] of this.#accused)
      if (isOver(pile, accused, sweep, this.#rule)) this.#accused.delete(pile);
    const causes = Map.groupBy(this.#accused, ([pile, { place }]) => keyOf(pile, place));
    for (const [key, piles] of causes) yield chargeOf(key, piles, nowMs);
  }
}

const keyOf = ({ name }: Pile, { site, scope }: PilePlace): string =>
  `growth listener ${name} ${site?.id ?? scope.bestName}`;

const newlyAccused = ({ levels, adds }: Pile, place: PilePlace, sweep: number): Accused => ({
  place,
  atLevel: levels.level,
  high: levels.level,
  highSweep: sweep,
  addsAtHigh: adds,
  outcome: 'resolved',
});

/** The line to accuse of this pile, if it is to be accused. */
function culpritOf(pile: Pile, rule: ListenerRule): PilePlace | undefined {
  const { levels, load } = pile;
  const { growingWindows } = rule;
  const windows = levels.windows.slice(-1 - growingWindows);
  const [first, last] = [windows.at(0), windows.at(-1)];
  if (first === undefined || last === undefined || last.min < rule.minListeners) return undefined;
  if (risesIn(windows) < growingWindows || last.min <= first.max || !levels.beyondPast) return undefined;
  const loadGrowth = (load.window(0)?.min ?? 0) - (load.window(growingWindows)?.min ?? 0);
  if (last.min - first.min <= 2 * loadGrowth) return undefined;
  let culprit: PilePlace | undefined;
  for (const place of pile.places) if (place.kept > (culprit?.kept ?? 0)) culprit = place;
  if (culprit === undefined || culprit.kept < rule.minKept) return undefined;
  return culprit.kept >= rule.minKeptShare * (culprit.kept + culprit.left) ? culprit : undefined;
}

/** Whether an accusation stands no more: they came off, or they stay at a level while others come and go. */
function isOver(pile: Pile, accused: Accused, sweep: number, { plateauSweeps }: ListenerRule): boolean {
  const { level } = pile.levels;
  if (pile.gone || level <= Math.max(pileAt, accused.atLevel / 4)) return true;
  if (level > accused.high) {
    accused.high = level;
    accused.highSweep = sweep;
    accused.addsAtHigh = pile.adds;
  }
  const addedSince = pile.adds - accused.addsAtHigh;
  if (sweep - accused.highSweep < plateauSweeps || addedSince < accused.atLevel / 4) return false;
  accused.outcome = 'retracted';
  return true;
}

function chargeOf(key: string, piles: readonly (readonly [Pile, Accused])[], nowMs: number): Charge {
  const [[pile, { place }]] = piles as [readonly [Pile, Accused]];
  const event = pile.name.slice(pile.name.indexOf(' ') + 1);
  return {
    key,
    whenGone: () => (piles.every(([, { outcome }]) => outcome === 'retracted') ? 'retracted' : 'resolved'),
    suspicion: {
      type: 'lingering_listener',
      detector: 'growth',
      certainty: 'likely',
      severity: 'warning',
      kind: 'listener',
      resourceType: pile.name,
      site: place.site,
      scopeName: place.scope.sort === 'process' ? undefined : place.scope.bestName,
      count: piles.reduce((sum, [{ levels }]) => sum + levels.level, 0),
      opened: 0,
      bytes: 0,
      oldestAgeMs: Math.max(...piles.map(([{ openedMs }]) => nowMs - openedMs), 0),
      rate: growthRate(pile.levels.windows),
      pattern: 'linear',
      trace: place.scope.trace,
      advice: `take the ${event} listener off when its work is done: \`off()\`, \`once()\`, or add it with \`{ signal }\``,
      retainedBy: undefined,
    },
  };
}
