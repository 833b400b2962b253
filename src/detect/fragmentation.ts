import type { Charge, Detector } from './detector.ts';
import type { Severity } from './finding.ts';
import { sizeText } from './memory-wording.ts';

/** What is held, and what of it is used, in bytes. */
export interface HeldMemory {
  /** `undefined` where it is not known what of it belongs to whom: other threads have heaps of their own. */
  readonly rssBytes: number | undefined;
  /** Committed for the heap. */
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
  readonly mallocedBytes: number;
  readonly spaces: readonly { readonly name: string; readonly usedBytes: number; readonly committedBytes: number }[];
  readonly limits: readonly { readonly source: string; readonly bytes: number }[];
}

/** Less than a fifth is normal work, and less than 128 MB nobody misses. */
const minUnusedRatio = 0.2;
const minUnusedBytes = 128e6;
/** From this share of the nearest limit of the process on it takes what others need. */
const warningShareOfLimit = 0.25;
const residentName = 'resident memory';
/** Half of the young generation is empty by design. */
const notJudged: ReadonlySet<string> = new Set(['new_space', 'new_large_object_space', 'read_only_space']);

interface Unused {
  readonly atMs: number;
  readonly unusedBytes: number;
  readonly heldBytes: number;
}

/**
 * Memory that is held and not used, at every look over a window: pages of a heap space that are kept for a few objects,
 * or resident memory that belongs to nothing outlive knows of, as the C library's free lists do. What comes and goes
 * with garbage collection is none: the least of a window counts.
 */
export class Fragmentation implements Detector {
  readonly name = 'fragmentation';
  readonly #latest: () => HeldMemory | undefined;
  readonly #windowMs: number;
  readonly #histories = new Map<string, Unused[]>();
  /** The process itself: Node's code, stacks and tables. The least that was ever resident beside what is known. */
  #ownBytes = Infinity;
  #lastMs = -Infinity;
  #firstMs: number | undefined;

  constructor(latest: () => HeldMemory | undefined, windowMs: number) {
    this.#latest = latest;
    this.#windowMs = windowMs;
  }

  *check(_sweep: number, nowMs: number): Iterable<Charge | undefined> {
    const held = this.#latest();
    if (held === undefined) return;
    this.#look(held, nowMs);
    yield;
    // the first window is warm-up
    if (nowMs - (this.#firstMs ?? nowMs) < 2 * this.#windowMs) return;
    const nearestBytes = Math.min(...held.limits.map(({ bytes }) => bytes));
    for (const [name, history] of this.#histories) {
      const least = leastUnused(history);
      if (least.unusedBytes < minUnusedBytes || least.unusedBytes < minUnusedRatio * least.heldBytes) continue;
      const severity = least.unusedBytes >= warningShareOfLimit * nearestBytes ? 'warning' : 'info';
      yield chargeOf(name, least, severity, nowMs - (history[0]?.atMs ?? nowMs));
    }
  }

  /** Twenty looks a window are enough. */
  #look(held: HeldMemory, nowMs: number): void {
    if (nowMs - this.#lastMs < this.#windowMs / 20) return;
    this.#lastMs = nowMs;
    this.#firstMs ??= nowMs;
    for (const { name, usedBytes, committedBytes } of held.spaces) {
      if (!notJudged.has(name))
        this.#note(name, { atMs: nowMs, unusedBytes: committedBytes - usedBytes, heldBytes: committedBytes });
    }
    if (held.rssBytes === undefined) this.#histories.delete(residentName);
    else this.#lookAtResident(held, held.rssBytes, nowMs);
  }

  #lookAtResident({ heapTotalBytes, externalBytes, mallocedBytes }: HeldMemory, rssBytes: number, nowMs: number): void {
    const besideBytes = Math.max(0, rssBytes - heapTotalBytes - externalBytes - mallocedBytes);
    this.#ownBytes = Math.min(this.#ownBytes, besideBytes);
    this.#note(residentName, { atMs: nowMs, unusedBytes: besideBytes - this.#ownBytes, heldBytes: rssBytes });
  }

  #note(name: string, unused: Unused): void {
    let history = this.#histories.get(name);
    if (history === undefined) this.#histories.set(name, (history = []));
    history.push(unused);
    while (history[1] !== undefined && history[1].atMs <= unused.atMs - this.#windowMs) history.shift();
  }
}

const leastUnused = (history: readonly Unused[]): Unused =>
  history.reduce((least, unused) => (unused.unusedBytes < least.unusedBytes ? unused : least));

function chargeOf(name: string, { unusedBytes, heldBytes }: Unused, severity: Severity, ageMs: number): Charge {
  const share = Math.round((100 * unusedBytes) / heldBytes);
  const remedy =
    name === residentName
      ? 'the C library keeps it in pieces: try `MALLOC_ARENA_MAX=2` or jemalloc, and look for native modules that leak'
      : 'a few objects hold their pages: make less at a time, or restart when traffic is low';
  return {
    key: `threshold fragmentation ${name}`,
    whenGone: () => 'resolved',
    suspicion: {
      type: 'fragmentation',
      detector: 'threshold',
      certainty: 'likely',
      severity,
      kind: 'heap',
      resourceType: name,
      site: null,
      scopeName: undefined,
      count: 1,
      opened: 0,
      bytes: unusedBytes,
      oldestAgeMs: ageMs,
      rate: undefined,
      pattern: undefined,
      trace: undefined,
      advice: `${sizeText(unusedBytes)} of the ${sizeText(heldBytes)} of ${name} are held and not used (${share} %): ${remedy}`,
      retainedBy: undefined,
    },
  };
}
