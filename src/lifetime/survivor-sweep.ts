import { EndedScopes } from './ended-scopes.ts';
import type { Ledger } from './ledger.ts';
import type { Origin } from './origin.ts';
import type { End } from './probe.ts';
import { rowFlag } from './survivors.ts';
import type { TrackedType } from './tracked-type.ts';

/** Sweeps past its scope's end after which an open lifetime is looked at. */
export const matureAfterSweeps = 16;
/** Sweeps past its scope's end after which it is held against its origin: time enough to end by itself. */
export const settleAfterSweeps = 2 * matureAfterSweeps;
/** Sweeps past its scope's end from which on progress means that somebody still uses it. */
const useCountsFromSweep = 4;
/** Sweeps past its scope's end from which on an open lifetime puts its type under suspicion. */
const strayAfterSweeps = 3;
/** How long all openings of a type have their sites captured after one more of it outlived its scope. */
const suspectSweeps = 64;
/** Strays that lie further apart than this are each for itself: a pooled connection now and then. */
const strayDistanceSweeps = 512;
/** Standing ones of one origin outside any scope from which on their sites are captured. */
const manyWithoutScope = 8;
/** Major collections that garbage may live to see: one that was under way already, and one that takes it. */
const majorsToSurvive = 2;
const rowsBetweenClockReads = 32;

/** Walks all survivors once a sweep, in slices: who has ended, who matured, who is in use. */
export class SurvivorSweep {
  readonly #ledger: Ledger;
  readonly #endedScopes = new EndedScopes();
  /** Last use of the few that have a limit, by slot. */
  readonly #limits = new Map<number, { progress: number; sinceMs: number; openedMs: number }>();
  #next = -1;
  /** Rows below it were there when the walk began: this sweep's newborns too, whose first look may be the only one. */
  #end = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  get idle(): boolean {
    return this.#next < 0;
  }

  begin(): void {
    this.#next = 0;
    for (const tally of this.#ledger.tallies.values()) tally.bufferedSoFarBytes = 0;
    for (const type of this.#ledger.types) {
      if (type.suspectForSweeps > 0) type.suspectForSweeps--;
      type.openedBefore = type.opened;
      for (const origin of type.origins) this.#resetLook(origin);
      for (const origin of type.originsWithoutSite) this.#resetLook(origin);
    }
  }

  /** @returns whether the walk is complete */
  step(timeIsUp: () => boolean): boolean {
    if (this.#next === 0) this.#end = this.#ledger.survivors.end;
    for (let n = 1; this.#next < this.#end; n++) {
      this.#lookAt(this.#next++);
      if (n % rowsBetweenClockReads === 0 && timeIsUp()) return this.#next >= this.#end && this.#finish();
    }
    return this.#finish();
  }

  /** What the loss of a thing says of its origin, and how it is booked. */
  #endOfCollected(slot: number, origin: Origin): End {
    const { survivors, nowMs } = this.#ledger;
    this.#leaveStanding(slot, origin, false);
    const remains = survivors.remains.get(slot);
    const inUse = survivors.has(slot, rowFlag.adopted);
    const end = remains?.end ?? 'abandoned';
    if (end !== 'abandoned' || inUse) return end;
    if (survivors.has(slot, rowFlag.native)) origin.abandonedNative++;
    else if (remains?.leftUndone === true) origin.abandonedSuspended++;
    else return end;
    origin.lastAbandonedMs = nowMs;
    this.#forgetScope(slot, origin);
    origin.scope ??= survivors.scopes[slot];
    return 'abandoned';
  }

  #finish(): true {
    this.#next = -1;
    for (const tally of this.#ledger.tallies.values()) tally.bufferedBytes = tally.bufferedSoFarBytes;
    return true;
  }

  #resetLook(origin: Origin): void {
    origin.standingBytes = 0;
    origin.overdue = 0;
    origin.oldestOpenedMs = Infinity;
    origin.births.tick(this.#ledger.sweepCount, this.#runsOf(origin));
  }

  #lookAt(slot: number): void {
    const { survivors } = this.#ledger;
    const origin = survivors.origins[slot];
    if (origin === undefined) return;
    const thing = survivors.refs[slot]?.deref();
    if (thing === undefined) return this.#close(slot, this.#endOfCollected(slot, origin));
    try {
      this.#look(slot, origin, thing);
    } catch {
      // a getter of the app threw
      this.#leaveStanding(slot, origin, false);
      this.#close(slot, 'unreadable');
    }
  }

  #close(slot: number, end: End | 'unreadable'): void {
    this.#limits.delete(slot);
    this.#ledger.close(slot, end);
  }

  #look(slot: number, origin: Origin, thing: object): void {
    const { survivors } = this.#ledger;
    const { probe } = origin.type;
    const end = probe.endOf(thing);
    if (end !== undefined) {
      this.#leaveStanding(slot, origin, true);
      return this.#close(slot, end);
    }
    if (probe.holdsNative?.(thing)) survivors.set(slot, rowFlag.native);
    else survivors.unset(slot, rowFlag.native);
    const buffered = probe.bufferedOf?.(thing) ?? 0;
    origin.type.tally.bufferedSoFarBytes += buffered;
    const remains = probe.remainsOf?.(thing);
    if (remains !== undefined) survivors.remains.set(slot, remains);
    const isKnownOpen = probe.isKnownOpen?.(thing) ?? true;
    const scope = survivors.scopes[slot];
    if (isKnownOpen && (scope?.ended === true || scope?.isEndless === true)) this.#age(slot, origin, thing);
    if (survivors.has(slot, rowFlag.matured)) this.#stand(slot, origin, buffered);
    if (origin.type.limitMs !== Infinity) this.#checkLimit(slot, origin, thing);
  }

  /** A use moves the limit: what is dated is the last one, not the opening. */
  #checkLimit(slot: number, origin: Origin, thing: object): void {
    const { survivors, nowMs } = this.#ledger;
    const progress = origin.type.probe.progressOf?.(thing) ?? 0;
    const used = this.#limits.get(slot);
    if (used === undefined || used.progress !== progress || used.openedMs !== survivors.openedMs[slot]) {
      const sinceMs = used === undefined ? (survivors.openedMs[slot] ?? nowMs) : nowMs;
      this.#limits.set(slot, { progress, sinceMs, openedMs: survivors.openedMs[slot] ?? nowMs });
      return;
    }
    if (nowMs - used.sinceMs > origin.type.limitMs) {
      origin.overdue++;
      this.#stand(slot, origin, 0);
    }
  }

  #stand(slot: number, origin: Origin, buffered: number): void {
    origin.standingBytes += buffered;
    const openedMs = this.#ledger.survivors.openedMs[slot] ?? Infinity;
    if (openedMs < origin.oldestOpenedMs) origin.oldestOpenedMs = openedMs;
  }

  #age(slot: number, origin: Origin, thing: object): void {
    const { survivors, sweepCount } = this.#ledger;
    if (survivors.has(slot, rowFlag.adopted)) return;
    if (this.#ledger.isAdopted(thing)) return this.adopt(slot, origin);
    const since = survivors.overSinceSweep[slot] ?? 0;
    const progress = origin.type.probe.progressOf?.(thing) ?? 0;
    if (since === 0) {
      survivors.overSinceSweep[slot] = sweepCount + 1;
      survivors.majorsBefore[slot] = this.#ledger.majors();
      survivors.progress[slot] = progress;
      this.#forgetScope(slot, origin);
      return;
    }
    const age = sweepCount + 1 - since;
    if (progress > (survivors.progress[slot] ?? 0)) {
      survivors.progress[slot] = progress;
      if (age >= useCountsFromSweep && this.#usedAgain(slot, origin)) return;
    }
    if (age >= strayAfterSweeps && !survivors.has(slot, rowFlag.stray) && this.#isTelling(slot, origin)) {
      survivors.set(slot, rowFlag.stray);
      this.#hasStrayed(origin.type);
    }
    if (age < matureAfterSweeps || !this.#isHeld(slot, origin, thing)) return;
    if (!survivors.has(slot, rowFlag.matured)) this.#mature(slot, origin);
    if (age >= settleAfterSweeps && !survivors.has(slot, rowFlag.settled)) {
      survivors.set(slot, rowFlag.settled);
      origin.settled++;
    }
  }

  /** Whether somebody or something holds it: it is rooted, or it was still there after a major collection. */
  #isHeld(slot: number, origin: Origin, thing: object): boolean {
    const { probe } = origin.type;
    if (probe.isRooted?.(thing) === true || probe.holdsNative?.(thing) === true) return true;
    return this.#ledger.majors() >= (this.#ledger.survivors.majorsBefore[slot] ?? 0) + majorsToSurvive;
  }

  /** Once its scope is over, all that is needed of that is the name, and an example of a trace. */
  #forgetScope(slot: number, origin: Origin): void {
    const { scopes } = this.#ledger.survivors;
    const scope = scopes[slot];
    if (scope === undefined) return;
    origin.trace = scope.trace ?? origin.trace;
    if (scope.ended) scopes[slot] = this.#endedScopes.of(scope);
  }

  /** One is nothing: a pool or a client made at the first request. From the second on, of another sweep, it is a habit. */
  #hasStrayed(type: TrackedType): void {
    const { sweepCount } = this.#ledger;
    const before = type.strayedAtSweep;
    if (before === sweepCount) return;
    type.strayedAtSweep = sweepCount;
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
    this.adopt(slot, origin);
    return true;
  }

  adopt(slot: number, origin: Origin): void {
    const { survivors } = this.#ledger;
    if (survivors.has(slot, rowFlag.matured)) {
      origin.standing--;
      survivors.unset(slot, rowFlag.matured);
    }
    if (survivors.has(slot, rowFlag.settled)) origin.settled--;
    survivors.set(slot, rowFlag.adopted);
    origin.adopted++;
  }

  #mature(slot: number, origin: Origin): void {
    const { survivors, sweepCount } = this.#ledger;
    survivors.set(slot, rowFlag.matured);
    origin.matured++;
    origin.standing++;
    origin.scope = survivors.scopes[slot];
    origin.births.add(sweepCount, this.#runsOf(origin));
  }

  #leaveStanding(slot: number, origin: Origin, byItself: boolean): void {
    const { survivors } = this.#ledger;
    if (!survivors.has(slot, rowFlag.matured)) return;
    origin.standing--;
    if (!byItself) return;
    origin.lateEnds++;
    if (survivors.has(slot, rowFlag.settled)) origin.settled--;
  }

  #runsOf(origin: Origin): number {
    const { scopeStats } = this.#ledger;
    return origin.scope === undefined ? scopeStats.total : scopeStats.of(origin.scope.name).ended;
  }
}
