import type { Kind } from '../../../src/lifetime/kind.ts';
import { Ledger } from '../../../src/lifetime/ledger.ts';
import type { Nursery } from '../../../src/lifetime/nursery.ts';
import type { Probe } from '../../../src/lifetime/probe.ts';
import { SiteTable } from '../../../src/lifetime/site-table.ts';
import type { TrackedType } from '../../../src/lifetime/tracked-type.ts';
import { stamp } from '../../../src/runtime/stamp.ts';

/** Stands for a stream, a client, a timer: what a probe can see of one. */
export class Thing {
  end: 'released' | 'errored' | undefined = undefined;
  progress = 0;
  buffered = 0;
  native = false;
}

export const thingProbe: Probe = {
  endOf: (thing) => (thing as Thing).end,
  progressOf: (thing) => (thing as Thing).progress,
  bufferedOf: (thing) => (thing as Thing).buffered,
  holdsNative: (thing) => (thing as Thing).native,
};

export interface LedgeredOptions {
  readonly maxOpen?: number;
  readonly kind?: Kind;
  readonly clock?: () => number;
  /** Major collections so far; without it all that is open is taken for held. */
  readonly majors?: () => number;
}

/** A ledger on a clock of its own, unless one is given: each sweep is 10 s later. */
export function ledgered({ maxOpen = 10_000, kind = 'stream', clock, majors }: LedgeredOptions = {}) {
  let nowMs = 1;
  const ledger = new Ledger({
    maxOpen,
    nowMs: clock ?? (() => nowMs),
    adopted: stamp(),
    ...(majors === undefined ? {} : { majors }),
  });
  const define = (name = 'Thing', probe = thingProbe): TrackedType =>
    ledger.defineType({ kind, name, probe, judgement: 'scope', advice: 'end it' });
  const type = define();
  const sites = new SiteTable({ isApp: () => true, isOutlive: () => false });

  const origin = (line: number, of: TrackedType = type) => {
    const site = sites.siteOf([{ file: '/app/app.js', line, column: 1, fn: 'handler' }]);
    if (site === null) throw new Error('no site');
    return of.originAt(site);
  };
  return {
    ledger,
    type,
    define,
    tally: ledger.tallyOf(kind),
    get nowMs(): number {
      return nowMs;
    },
    /** The origin of openings of `of` at this line of `app.js`. */
    origin,
    pass: (ms: number): void => void (nowMs += ms),
    sweep: (sweeps = 1): void => {
      for (let i = 0; i < sweeps; i++) {
        nowMs += 10_000;
        while (!ledger.sweepSlice(Infinity));
      }
    },
    request: (name = 'GET *'): Nursery => ledger.openScope('request', name, undefined),
    open: (nursery: Nursery, thing = new Thing(), line?: number): Thing => {
      ledger.open(nursery, thing, type, line === undefined ? null : origin(line));
      return thing;
    },
  };
}
