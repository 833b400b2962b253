// `RECORD_TO=<file> node --import ./bench/detection/record.ts app.mjs`: outlive as always, and how long what the app opens
// lives, beside how long the work took that opened it. Numbers only: of the app nothing but the kinds is kept.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Kind } from '../../src/lifetime/kind.ts';
import { Ledger } from '../../src/lifetime/ledger.ts';
import type { Nursery } from '../../src/lifetime/nursery.ts';
import type { Scope } from '../../src/lifetime/scope.ts';
import type { TrackedType } from '../../src/lifetime/tracked-type.ts';

/** What one type did in one app. */
export interface RecordedType {
  readonly kind: Kind;
  readonly rooted: boolean;
  /** Mean time between two openings. */
  readonly everyMs: number;
  /** Of up to 100: ms from the beginning to the end of the work that opened it, −1 without any. */
  readonly workMs: readonly number[];
  /** Of the same: ms from the opening to the end. */
  readonly lifeMs: readonly number[];
  /** Opened more than 10 s before the recording ended, and open then. */
  readonly kept: number;
  /** Of these: seen in use after the work was over that opened them. */
  readonly keptInUse: number;
}

const lookEveryMs = 20;
const keptFromMs = 10_000;
const mostLives = 100;

interface Followed {
  readonly ref: WeakRef<object>;
  readonly type: TrackedType;
  readonly scope: Scope;
  readonly openedMs: number;
  lifeMs: number;
  progress: number;
  inUse: boolean;
}

const open = new Set<Followed>();
const ended = new Map<TrackedType, Followed[]>();
const rooted = new Set<TrackedType>();
const scopeTimes = new WeakMap<Scope, { readonly beganMs: number; lastedMs: number }>();

const follow = (nursery: Nursery, thing: object, type: TrackedType): void => {
  if (type.judgement === 'none') return;
  open.add({
    ref: new WeakRef(thing),
    type,
    scope: nursery.scope,
    openedMs: performance.now(),
    lifeMs: 0,
    progress: 0,
    inUse: false,
  });
};

function look(): void {
  const nowMs = performance.now();
  for (const followed of open) {
    const { ref, type, openedMs } = followed;
    const thing = ref.deref();
    followed.lifeMs = nowMs - openedMs;
    if (thing !== undefined && type.probe.isRooted?.(thing) === true) rooted.add(type);
    if (thing !== undefined && type.probe.endOf(thing) === undefined) {
      noteUse(followed, type.probe.progressOf?.(thing) ?? 0);
      continue;
    }
    open.delete(followed);
    // one that was collected un-ended has no known end
    if (thing !== undefined) ended.set(type, [...(ended.get(type) ?? []), followed].slice(-mostLives));
  }
}

function noteUse(followed: Followed, progress: number): void {
  followed.inUse ||= followed.scope.ended && progress > followed.progress;
  followed.progress = progress;
}

function recordedType(type: TrackedType): RecordedType {
  const over = ended.get(type) ?? [];
  const kept = [...open].filter((one) => one.type === type && one.lifeMs > keptFromMs);
  return {
    kind: type.kind,
    rooted: rooted.has(type),
    everyMs: Math.round(performance.now() / type.opened),
    workMs: over.map(({ scope }) => Math.round(scopeTimes.get(scope)?.lastedMs ?? -1)),
    lifeMs: over.map(({ lifeMs }) => Math.round(lifeMs)),
    kept: kept.length,
    keptInUse: kept.filter(({ inUse }) => inUse).length,
  };
}

function write(file: string): void {
  // what nobody refers to is not kept
  collectAll();
  look();
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RecordedType[]) : [];
  const types = new Set([...ended.keys(), ...[...open].map(({ type }) => type)]);
  const recorded = [...types].map((type) => recordedType(type));
  writeFileSync(
    file,
    `${JSON.stringify([...before, ...recorded.filter(({ lifeMs, kept }) => lifeMs.length + kept > 0)])}\n`,
  );
}

const { open: openInNursery, openSurvivor, openScope, endScope } = Ledger.prototype;
Object.assign(Ledger.prototype, {
  open(this: Ledger, ...args: Parameters<typeof openInNursery>): void {
    openInNursery.apply(this, args);
    follow(args[0], args[1], args[2]);
  },
  openSurvivor(this: Ledger, ...args: Parameters<typeof openSurvivor>): void {
    openSurvivor.apply(this, args);
    follow(args[0], args[1], args[2]);
  },
  openScope(this: Ledger, ...args: Parameters<typeof openScope>): Nursery {
    const nursery = openScope.apply(this, args);
    scopeTimes.set(nursery.scope, { beganMs: performance.now(), lastedMs: -1 });
    return nursery;
  },
  endScope(this: Ledger, ...args: Parameters<typeof endScope>): void {
    const times = scopeTimes.get(args[0].scope);
    if (times !== undefined && times.lastedMs < 0) times.lastedMs = performance.now() - times.beganMs;
    endScope.apply(this, args);
  },
});

setFlagsFromString('--expose-gc');
const collectAll = runInNewContext('gc') as () => void;

const file = process.env['RECORD_TO'];
if (file === undefined) throw new Error('Expected `RECORD_TO` to name a file.');
setInterval(look, lookEveryMs).unref();
process.once('SIGTERM', () => process.exit());
process.once('exit', () => write(file));
await import('../../src/register.ts');
