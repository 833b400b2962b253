import { Ageing, runsOf } from './ageing.ts';
import type { SweptLedger } from './swept-ledger.ts';
import type { Origin } from './origin.ts';
import type { End } from './probe.ts';
import { rowFlag } from './survivors.ts';

/** How long a peak of concurrent scopes counts at least, and twice as long at most. */
const peakWindowSweeps = 360;
const rowsBetweenClockReads = 32;
const originsBetweenClockReads = 64;

/** Walks all survivors once a sweep, in slices: who has ended, who matured, who is in use. */
export class SurvivorSweep {
  readonly #ledger: SweptLedger;
  readonly #ageing: Ageing;
  /** Last use of the few that have a limit, by slot. */
  readonly #limits = new Map<number, { progress: number; sinceMs: number; openedMs: number }>();
  #next = -1;
  /** Rows below it were there when the walk began: this sweep's newborns too, whose first look may be the only one. */
  #end = 0;
  /** Origins whose figures of the last walk have still to be forgotten. */
  #resets: Iterator<undefined> = [][Symbol.iterator]();

  constructor(ledger: SweptLedger) {
    this.#ledger = ledger;
    this.#ageing = new Ageing(ledger);
  }

  get idle(): boolean {
    return this.#next < 0;
  }

  begin(): void {
    this.#next = 0;
    for (const tally of this.#ledger.tallies.values()) tally.bufferedSoFarBytes = 0;
    if (this.#ledger.sweepCount % peakWindowSweeps === 0) this.#ledger.scopeStats.forgetOldPeaks();
    this.#resets = this.#resetLooks();
  }

  /** @returns whether the walk is complete */
  step(timeIsUp: () => boolean): boolean {
    while (this.#resets.next().done !== true) if (timeIsUp()) return false;
    if (this.#next === 0) this.#end = this.#ledger.survivors.end;
    for (let n = 1; this.#next < this.#end; n++) {
      this.#lookAt(this.#next++);
      if (n % rowsBetweenClockReads === 0 && timeIsUp()) return this.#next >= this.#end && this.#finish();
    }
    return this.#finish();
  }

  /** Lets go of one whose end is not seen: of its origin it says nothing. */
  drop(slot: number): void {
    const { survivors } = this.#ledger;
    const origin = survivors.origins[slot];
    if (origin === undefined) return;
    this.#limits.delete(slot);
    this.#ageing.drop(slot, origin);
    origin.type.tally.dropped++;
    survivors.free(slot);
  }

  /** What the loss of a thing says of its origin, and how it is booked. */
  #endOfCollected(slot: number, origin: Origin): End {
    const { survivors, nowMs } = this.#ledger;
    const remains = survivors.remains[slot];
    // a root is never collected: what was one at the last look has ended since
    const end = remains?.end ?? (survivors.has(slot, rowFlag.rooted) ? 'released' : 'abandoned');
    if (end !== 'abandoned') {
      this.#ageing.end(slot, origin);
      return end;
    }
    const inUse = survivors.has(slot, rowFlag.adopted);
    this.#ageing.lose(slot, origin);
    if (inUse) return end;
    if (survivors.has(slot, rowFlag.native)) origin.abandonedNative++;
    else if (remains?.leftUndone === true) origin.abandonedSuspended++;
    else return end;
    origin.lastAbandonedMs = nowMs;
    this.#ageing.forgetScope(slot, origin);
    origin.scope ??= survivors.scopes[slot];
    return 'abandoned';
  }

  #finish(): true {
    this.#next = -1;
    for (const tally of this.#ledger.tallies.values()) tally.bufferedBytes = tally.bufferedSoFarBytes;
    return true;
  }

  /** Each `yield` is a place where a slice may end: a large service has thousands of origins. */
  *#resetLooks(): Generator<undefined, void> {
    let n = 0;
    for (const type of this.#ledger.types) {
      if (type.suspectForSweeps > 0) type.suspectForSweeps--;
      type.openedBefore = type.opened;
      for (const origin of type.everyOrigin) {
        this.#resetLook(origin);
        if (++n % originsBetweenClockReads === 0) yield;
      }
    }
  }

  #resetLook(origin: Origin): void {
    origin.standingBytes = 0;
    origin.standingSockets = 0;
    origin.overdue = 0;
    origin.oldestOpenedMs = Infinity;
    origin.longStanding = 0;
    origin.cohortBits = 0;
    if (origin.firstSweep < 0) origin.firstSweep = this.#ledger.sweepCount;
    if (origin.births.hasBegun) origin.births.tick(this.#ledger.sweepCount, runsOf(origin));
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
      this.#ageing.lose(slot, origin);
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
      this.#ageing.end(slot, origin);
      return this.#close(slot, end);
    }
    if (probe.holdsNative !== undefined) survivors.put(slot, rowFlag.native, probe.holdsNative(thing));
    const buffered = probe.bufferedOf?.(thing) ?? 0;
    origin.type.tally.bufferedSoFarBytes += buffered;
    const remains = probe.remainsOf?.(thing);
    if (remains !== undefined) survivors.remains[slot] = remains;
    else if (probe.isRooted !== undefined) survivors.put(slot, rowFlag.rooted, probe.isRooted(thing));
    const isKnownOpen = probe.isKnownOpen?.(thing) ?? true;
    const scope = survivors.scopes[slot];
    if (isKnownOpen && (scope?.ended === true || scope?.isEndless === true)) this.#ageing.look(slot, origin, thing);
    else if (isKnownOpen && scope !== undefined) this.#ageing.wait(slot, origin);
    if (survivors.has(slot, rowFlag.matured))
      this.#stand(slot, origin, buffered, probe.connectionsOf?.(thing).open ?? 0);
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
      this.#stand(slot, origin, 0, 0);
    }
  }

  #stand(slot: number, origin: Origin, buffered: number, sockets: number): void {
    origin.standingBytes += buffered;
    origin.standingSockets += sockets;
    const openedMs = this.#ledger.survivors.openedMs[slot] ?? Infinity;
    if (openedMs < origin.oldestOpenedMs) origin.oldestOpenedMs = openedMs;
    origin.cohortBits |= 1 << (this.#ageing.cohortOf(slot) % 32);
    if (this.#ageing.ageOf(slot) >= origin.longAge) origin.longStanding++;
  }
}
