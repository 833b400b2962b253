import { EndedScopes } from './ended-scopes.ts';
import type { SweptLedger } from './swept-ledger.ts';
import { ageBounds } from './life-table.ts';
import { cohortOf } from './history.ts';
import type { Origin } from './origin.ts';
import type { Scope } from './scope.ts';
import { countOf, type Runs } from './scope-stats.ts';
import { rowFlag } from './survivors.ts';
import type { TrackedType } from './tracked-type.ts';

/** Sweeps past its scope's end from which on progress means that somebody still uses it. */
const useCountsFromSweep = 4;
/** Sweeps past its scope's end from which on an open lifetime puts its type under suspicion. */
const strayAfterSweeps = 3;
/** How long all openings of a type have their sites captured after one more of it outlived its scope. */
const suspectSweeps = 64;
/** Strays that lie further apart than this are each for itself: a pooled connection now and then. */
const strayDistanceSweeps = 512;
/** Strays of one sweep that are no pool or client made at the first request. */
const manyAtOnce = 6;
/** Standing ones of one origin outside any scope from which on their sites are captured. */
const manyWithoutScope = 8;
/** Major collections that garbage may live to see: one that was under way already, and one that takes it. */
const majorsToSurvive = 2;
/** Standing ones of one origin from which on the next will be held like them: one collection is enough. */
const manyHeld = 12;
/** Sorts of work that are counted as runs of one origin. */
const maxWork = 8;
/** Times its test age at which it has settled. */
const settledTestAges = 1.5;
/** Times its test age up to which it counts that one stays. */
const maxTestAges = 4;
/** How soon it is learnt that the runs which bring some take longer, and that they take less. */
const [forLonger, forShorter] = [4, 64];

/** What becomes of a lifetime whose scope is over: it is adopted, it matures, it stays, it ends late. */
export class Ageing {
  readonly #ledger: SweptLedger;
  readonly #endedScopes = new EndedScopes();

  constructor(ledger: SweptLedger) {
    this.#ledger = ledger;
  }

  /** Sweeps for which its scope has been seen over. */
  ageOf(slot: number): number {
    const { survivors, sweepCount } = this.#ledger;
    const since = survivors.overSinceSweep[slot] ?? 0;
    return since === 0 ? 0 : sweepCount + 1 - since;
  }

  /** The cohort of its birth: the window in which its scope was seen over. */
  cohortOf(slot: number): number {
    return cohortOf(this.#ledger.survivors.overSinceSweep[slot] ?? 0);
  }

  /** A look at one that is open while its scope is over. */
  look(slot: number, origin: Origin, thing: object): void {
    const { survivors } = this.#ledger;
    if (survivors.has(slot, rowFlag.adopted)) return;
    if (this.#ledger.isAdopted(thing)) return this.#adopt(slot, origin);
    const progress = origin.type.probe.progressOf?.(thing) ?? 0;
    if (survivors.overSinceSweep[slot] === 0) return this.#begin(slot, origin, progress);
    const age = this.ageOf(slot);
    if (progress > (survivors.progress[slot] ?? 0)) {
      survivors.progress[slot] = progress;
      if (age >= useCountsFromSweep && this.#usedAgain(slot, origin)) return;
    }
    if (age >= strayAfterSweeps && !survivors.has(slot, rowFlag.stray) && this.#isTelling(slot, origin)) {
      survivors.set(slot, rowFlag.stray);
      this.#hasStrayed(origin.type);
    }
    this.#grow(slot, origin, age);
    if (survivors.has(slot, rowFlag.matured)) this.#stay(origin, age);
    if (!survivors.has(slot, rowFlag.settled) && this.#isHeld(slot, origin, thing)) this.#ripen(slot, origin, age);
  }

  /** It has ended by itself. */
  end(slot: number, origin: Origin): void {
    const { survivors } = this.#ledger;
    const age = this.ageOf(slot);
    if (age > 0 && !survivors.has(slot, rowFlag.adopted)) {
      this.#grow(slot, origin, age);
      origin.ages.end((survivors.lifeRows[slot] ?? 1) - 1);
      if (age >= origin.testAge) origin.lateEnds++;
    }
    this.#endStanding(slot, origin);
    this.#leave(slot, origin);
  }

  /** It was collected, or cannot be looked at any more. What had been held until then is no leak of ours either. */
  lose(slot: number, origin: Origin): void {
    if (this.#endStanding(slot, origin) && this.ageOf(slot) >= origin.testAge) origin.lateEnds++;
    this.#leave(slot, origin);
  }

  /** Nobody looks at it any more. */
  drop(slot: number, origin: Origin): void {
    this.#leave(slot, origin);
  }

  /** Once its scope is over, all that is needed of that is the name, and an example of a trace. */
  forgetScope(slot: number, origin: Origin): void {
    const { scopes } = this.#ledger.survivors;
    const scope = scopes[slot];
    if (scope === undefined) return;
    origin.trace = scope.trace ?? origin.trace;
    if (scope.ended) scopes[slot] = this.#endedScopes.of(scope);
  }

  #begin(slot: number, origin: Origin, progress: number): void {
    const { survivors, sweepCount } = this.#ledger;
    survivors.overSinceSweep[slot] = sweepCount + 1;
    survivors.majorsBefore[slot] = this.#ledger.majors();
    survivors.progress[slot] = progress;
    this.forgetScope(slot, origin);
    origin.scope = survivors.scopes[slot];
    if (origin.scope !== undefined) this.#forgetAwaited(origin, this.#runsOf(origin.scope));
    origin.awaited = undefined;
    this.#noteWork(origin, origin.scope);
    origin.births.begin(sweepCount, runsOf(origin));
  }

  /** A look at one whose scope is under way. If that counts as a run already, births count from here on. */
  wait(slot: number, origin: Origin): void {
    const scope = this.#ledger.survivors.scopes[slot];
    if (origin.births.hasBegun || scope?.counted === undefined || this.#runsOf(scope).isNamedLate) return;
    this.#noteWork(origin, scope);
    origin.births.begin(this.#ledger.sweepCount, runsOf(origin));
    origin.awaited = origin.work[0];
  }

  /** The first to end may have another name than it was awaited with: then that is not its work. */
  #forgetAwaited({ awaited, births, work }: Origin, runs: Runs): void {
    if (awaited === undefined || awaited === runs) return;
    work.length = 0;
    births.join(-countOf(awaited));
  }

  #noteWork({ births, work }: Origin, scope: Scope | undefined): void {
    if (scope === undefined || work.length >= maxWork) return;
    const runs = this.#runsOf(scope);
    if (work.includes(runs)) return;
    work.push(runs);
    births.join(countOf(runs));
  }

  #runsOf(scope: Scope): Runs {
    return scope.runs ?? this.#ledger.scopeStats.of(scope.bestName);
  }

  /** Enters the rows of the life table that it has reached. */
  #grow(slot: number, { ages }: Origin, age: number): void {
    const { lifeRows } = this.#ledger.survivors;
    for (let row = lifeRows[slot] ?? 0; age >= (ageBounds[row] ?? Infinity); row++) {
      ages.enter(row);
      lifeRows[slot] = row + 1;
    }
  }

  /** Between one and four times as old as at its test, each sweep says that it has stayed. */
  #stay(origin: Origin, age: number): void {
    const { testAge } = origin;
    if (age > testAge && age <= maxTestAges * testAge) origin.stayed += Math.log2(age / (age - 1));
  }

  #ripen(slot: number, origin: Origin, age: number): void {
    const { survivors } = this.#ledger;
    if (age >= origin.testAge && !survivors.has(slot, rowFlag.matured)) this.#mature(slot, origin);
    if (age < settledTestAges * origin.testAge || survivors.has(slot, rowFlag.settled)) return;
    survivors.set(slot, rowFlag.settled);
    origin.settled++;
  }

  /** Whether somebody or something holds it: it is rooted, or it was still there after a major collection. */
  #isHeld(slot: number, origin: Origin, thing: object): boolean {
    const { probe } = origin.type;
    if (probe.isRooted?.(thing) === true || probe.holdsNative?.(thing) === true) return true;
    const needed = origin.standing >= manyHeld ? 1 : majorsToSurvive;
    return this.#ledger.majors() >= (this.#ledger.survivors.majorsBefore[slot] ?? 0) + needed;
  }

  /** One is nothing: a pool or a client made at the first request. Many, or a second one at another sweep, are a habit. */
  #hasStrayed(type: TrackedType): void {
    const { sweepCount } = this.#ledger;
    const before = type.strayedAtSweep;
    type.strays = before === sweepCount ? type.strays + 1 : 1;
    type.strayedAtSweep = sweepCount;
    if (type.strays === manyAtOnce) type.suspectForSweeps = suspectSweeps;
    if (before === sweepCount) return;
    if (before >= 0 && sweepCount - before <= strayDistanceSweeps) type.suspectForSweeps = suspectSweeps;
  }

  /** Without a scope, what was opened at start-up stays for good: only a number of them is worth a stack each. */
  #isTelling(slot: number, origin: Origin): boolean {
    return this.#ledger.survivors.scopes[slot]?.ended === true || origin.standing >= manyWithoutScope;
  }

  /** Used at two different sweeps after its scope was over: it belongs to the process. */
  #usedAgain(slot: number, origin: Origin): boolean {
    const { survivors, sweepCount } = this.#ledger;
    const usedAt = survivors.usedAtSweep[slot] ?? 0;
    if (usedAt === 0) {
      survivors.usedAtSweep[slot] = sweepCount + 1;
      return false;
    }
    this.#adopt(slot, origin);
    return true;
  }

  #adopt(slot: number, origin: Origin): void {
    const { survivors } = this.#ledger;
    this.#leave(slot, origin);
    survivors.set(slot, rowFlag.adopted);
    origin.adopted++;
    origin.adoptions++;
  }

  /** That it is held shows late where collections are rare: what it has stayed until then counts as well. */
  #mature(slot: number, origin: Origin): void {
    const { survivors, sweepCount } = this.#ledger;
    const { testAge } = origin;
    const age = this.ageOf(slot);
    survivors.set(slot, rowFlag.matured);
    origin.matured++;
    origin.standing++;
    origin.scope = survivors.scopes[slot];
    this.#birth(slot, origin);
    // of the ages below the test age of that time the ends were not counted
    const countedFrom = Math.max(testAge, age - (sweepCount - origin.testAgeLoweredSweep));
    const countedTo = Math.min(age, maxTestAges * testAge);
    if (countedTo > countedFrom) origin.stayed += Math.log2(countedTo / countedFrom);
  }

  /** A birth counts when its run does: as that began, or as it ended where its name was not known before. */
  #birth(slot: number, origin: Origin): void {
    const { begunSweep, overSinceSweep } = this.#ledger.survivors;
    const over = (overSinceSweep[slot] ?? 1) - 1;
    const countsAtEnd = origin.scope?.isEndless === true || origin.work.some(({ isNamedLate }) => isNamedLate);
    const born = countsAtEnd ? over : Math.min(over, (begunSweep[slot] ?? 0) + 1);
    origin.births.add(born);
    const more = over - born - origin.runSweeps;
    origin.runSweeps += more / (more > 0 ? forLonger : forShorter);
  }

  #endStanding(slot: number, origin: Origin): boolean {
    const { survivors, sweepCount } = this.#ledger;
    if (!survivors.has(slot, rowFlag.matured)) return false;
    origin.standingEnds++;
    const cohort = cohortOf(sweepCount);
    if (cohort !== origin.lastStandingEndCohort) origin.standingEndCohorts++;
    origin.lastStandingEndCohort = cohort;
    return true;
  }

  #leave(slot: number, origin: Origin): void {
    const { survivors } = this.#ledger;
    if (survivors.has(slot, rowFlag.adopted)) origin.adopted--;
    if (survivors.has(slot, rowFlag.matured)) origin.standing--;
    if (survivors.has(slot, rowFlag.settled)) origin.settled--;
    survivors.unset(slot, rowFlag.adopted | rowFlag.matured | rowFlag.settled);
  }
}

/** How often the work ran that opens such. */
export const runsOf = ({ work }: Origin): number => work.reduce((sum, runs) => sum + countOf(runs), 0);
