import type { Kind } from '../lifetime/kind.ts';
import type { Engine } from './engine.ts';
import { type MemorySnapshot, memorySnapshotOf } from './memory-snapshot.ts';

/** What is open, at one moment. */
export interface Snapshot {
  readonly kinds: readonly KindSnapshot[];
  readonly origins: readonly OriginSnapshot[];
  /** Scopes that are under way, by name. */
  readonly scopes: Readonly<Record<string, number>>;
  readonly sweeps: number;
  /** Lifetimes that were not followed because the ledger was full. */
  readonly dropped: number;
  /** How outlive held the event loop since the start: slices of sweeps, ms in all, ms of the longest. */
  readonly held: { readonly slices: number; readonly busyMs: number; readonly longestMs: number };
  /** `undefined` in an app's first moments. */
  readonly memory: MemorySnapshot | undefined;
}

export interface KindSnapshot {
  readonly kind: Kind;
  readonly open: number;
  readonly opened: number;
  readonly released: number;
  readonly errored: number;
  readonly abandoned: number;
  readonly bufferedBytes: number;
}

/** One place that opened things which outlived their scope. */
export interface OriginSnapshot {
  readonly kind: Kind;
  readonly type: string;
  /** `file:line:column` as Node runs it, not source-mapped. */
  readonly site: string | undefined;
  readonly scope: string | undefined;
  readonly opened: number;
  /** Open long past their scope and not in use. */
  readonly standing: number;
  readonly adopted: number;
}

export function snapshotOf(engine: Engine | undefined): Snapshot {
  if (engine === undefined)
    return { kinds: [], origins: [], scopes: {}, sweeps: 0, dropped: 0, held: nothingHeld, memory: undefined };
  const { ledger } = engine;
  return {
    kinds: [...ledger.tallies.values()].map(({ kind, open, opened, released, errored, abandoned, bufferedBytes }) => ({
      kind,
      open,
      opened,
      released,
      errored,
      abandoned,
      bufferedBytes,
    })),
    origins: ledger.types.flatMap((type) =>
      [...type.origins, ...type.originsWithoutSite]
        .filter(({ matured, adopted }) => matured > 0 || adopted > 0)
        .map(({ site, scope, opened, standing, adopted }) => ({
          kind: type.kind,
          type: type.name,
          site: site === null ? undefined : `${site.frame.file}:${site.frame.line}:${site.frame.column}`,
          scope: scope?.name,
          opened,
          standing,
          adopted,
        })),
    ),
    scopes: Object.fromEntries(ledger.scopeStats.active()),
    sweeps: ledger.sweepCount,
    dropped: ledger.droppedFull,
    held: heldBy(engine),
    memory: engine.judging && memorySnapshotOf(engine.judging.memoryJudging),
  };
}

const nothingHeld: Snapshot['held'] = { slices: 0, busyMs: 0, longestMs: 0 };

function heldBy({ judging }: Engine): Snapshot['held'] {
  if (judging === undefined) return nothingHeld;
  const { slices, busyMs, longestSliceMs } = judging.sweep;
  return { slices, busyMs, longestMs: longestSliceMs };
}
