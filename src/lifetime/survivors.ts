import type { Origin } from './origin.ts';
import type { Remains } from './probe.ts';
import type { Scope } from './scope.ts';

/** Flags of a row. */
export const rowFlag = { native: 1, matured: 2, settled: 4, adopted: 8, stray: 16, rooted: 32 } as const;

const initialRows = 256;

/**
 * The open lifetimes that were still there when their nursery was swept: a WeakRef and a compact row each
 * (columns of numbers, one slot a survivor), so that 100,000 of them cost little and retain nothing. That one was
 * collected shows at the next sweep, which looks at each of them anyway: a FinalizationRegistry would double the row.
 */
export class Survivors {
  readonly refs: (WeakRef<object> | undefined)[] = [];
  readonly origins: (Origin | undefined)[] = [];
  readonly scopes: (Scope | undefined)[] = [];
  /** Of types that leave any; a Map would take six times the room. */
  readonly remains: (Remains | undefined)[] = [];
  openedMs = new Float64Array(initialRows);
  progress = new Float64Array(initialRows);
  /** Sweep at which its scope began: of ended scopes one stands for all of a name. */
  begunSweep = new Uint32Array(initialRows);
  /** Sweep at which its scope was first seen over, plus one; 0 before. */
  overSinceSweep = new Uint32Array(initialRows);
  /** Last sweep at which its progress advanced after its scope's end, plus one; 0 if never. */
  usedAtSweep = new Uint32Array(initialRows);
  /** How many rows of its origin's life table it has entered. */
  lifeRows = new Uint8Array(initialRows);
  /** Major collections before its scope was first seen over. */
  majorsBefore = new Uint32Array(initialRows);
  flags = new Uint8Array(initialRows);
  /** Slots in use lie below it. */
  end = 0;
  size = 0;
  readonly #free: number[] = [];

  add(thing: object, origin: Origin, scope: Scope, openedMs: number): number {
    const slot = this.#free.pop() ?? this.end++;
    if (slot >= this.flags.length) this.#grow();
    this.refs[slot] = new WeakRef(thing);
    this.origins[slot] = origin;
    this.scopes[slot] = scope;
    this.openedMs[slot] = openedMs;
    this.progress[slot] = -1;
    this.begunSweep[slot] = scope.openedAtSweep;
    this.overSinceSweep[slot] = 0;
    this.usedAtSweep[slot] = 0;
    this.lifeRows[slot] = 0;
    this.flags[slot] = 0;
    this.size++;
    return slot;
  }

  free(slot: number): void {
    if (this.refs[slot] === undefined) return;
    this.refs[slot] = undefined;
    this.origins[slot] = undefined;
    this.scopes[slot] = undefined;
    if (this.remains[slot] !== undefined) this.remains[slot] = undefined;
    this.size--;
    this.#free.push(slot);
  }

  /** Whether its scope was over at the last look. */
  isPastScope(slot: number): boolean {
    return this.overSinceSweep[slot] !== 0;
  }

  has(slot: number, flag: number): boolean {
    return ((this.flags[slot] ?? 0) & flag) !== 0;
  }

  set(slot: number, flag: number): void {
    this.flags[slot] = (this.flags[slot] ?? 0) | flag;
  }

  unset(slot: number, flag: number): void {
    this.flags[slot] = (this.flags[slot] ?? 0) & ~flag;
  }

  put(slot: number, flag: number, on: boolean): void {
    if (this.has(slot, flag) === on) return;
    if (on) this.set(slot, flag);
    else this.unset(slot, flag);
  }

  #grow(): void {
    const rows = this.flags.length * 2;
    this.openedMs = wider(this.openedMs, new Float64Array(rows));
    this.progress = wider(this.progress, new Float64Array(rows));
    this.begunSweep = wider(this.begunSweep, new Uint32Array(rows));
    this.overSinceSweep = wider(this.overSinceSweep, new Uint32Array(rows));
    this.majorsBefore = wider(this.majorsBefore, new Uint32Array(rows));
    this.usedAtSweep = wider(this.usedAtSweep, new Uint32Array(rows));
    this.lifeRows = wider(this.lifeRows, new Uint8Array(rows));
    this.flags = wider(this.flags, new Uint8Array(rows));
  }
}

function wider<T extends Float64Array | Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
