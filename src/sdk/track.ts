import { type Kind, kinds } from '../lifetime/kind.ts';
import type { Probe } from '../lifetime/probe.ts';
import type { TrackedType } from '../lifetime/tracked-type.ts';
import { BehindProxies } from '../observe/behind-proxies.ts';
import { oncePerObserver } from '../observe/once-per-observer.ts';
import { patchMethod } from '../observe/patch.ts';
import { type Stamp, stamp } from '../runtime/stamp.ts';
import { cleanName } from './clean-name.ts';
import type { Engine } from './engine.ts';
import { OutliveError, brokenRule } from './outlive-error.ts';
import { runningEngine } from './running.ts';

export interface TrackOptions {
  /** What it is: decides which finding is told of it. Default `client`. */
  readonly kind?: Kind | undefined;
  /** What it is called in findings, e.g. `BillingSession`. Default: its constructor's name. */
  readonly name?: string | undefined;
  /** Longest time in ms that it may be open without a `touch()`; past it, one alone is told. Default: no limit. */
  readonly limitMs?: number | undefined;
  /** The method whose call ends it, e.g. `close`. Without one, only `end()` of the handle ends it. */
  readonly end?: string | undefined;
}

/** A lifetime that the app told of itself; ends with `end()`, or at the end of its block by `using`. */
export interface Tracked extends Disposable {
  /** It was ended as it should. */
  end(): void;
}

interface TrackNote {
  ended: boolean;
  touches: number;
}

const notes: Stamp<TrackNote> = stamp();

const trackedProbe: Probe = {
  endOf: (thing) => (notes.get(thing)?.ended === true ? 'released' : undefined),
  progressOf: (thing) => notes.get(thing)?.touches ?? 0,
};

const noteEnd = (thing: object): void => {
  const note = notes.get(thing);
  if (note !== undefined) note.ended = true;
};

const behindOf = oncePerObserver((observer) => new BehindProxies(observer, noteEnd));

const untracked: Tracked = { end: () => {}, [Symbol.dispose]: () => {} };

/**
 * Gives a lifetime to something that hooks cannot see: a session, a lock, a handle of a native library.
 * The thing is held weakly. Where it outlives the request or job that opened it, that is told with the line of this call.
 *
 * @throws OutliveError `OUTLIVE_BAD_ARGUMENT` where `thing` is no object, `kind` no kind or `end` no method of it
 * @example
 * ```ts
 * import { track } from 'outlive';
 *
 * const session = openSession();
 * track(session, { kind: 'client', name: 'BillingSession', end: 'close' });
 *
 * using lease = track(await pool.take(), { kind: 'lease', name: 'connection' });
 * ```
 */
export function track(thing: object, options: TrackOptions = {}): Tracked {
  const { kind = 'client', end } = checked(thing, options);
  const engine = runningEngine();
  if (engine === undefined) return untracked;
  const name = cleanName(options.name ?? thing.constructor?.name ?? 'object');
  const note: TrackNote = { ended: false, touches: 0 };
  notes.set(thing, note);
  engine.observer.guard('track', () => {
    if (end !== undefined) endsByCall(engine, thing, end);
    engine.observer.openHeld(thing, typeOf(engine, { ...options, kind, name }));
  });
  const finish = (): void => void (note.ended = true);
  return { end: finish, [Symbol.dispose]: finish };
}

/**
 * Says that a thing is in use: a lifetime that is touched after its scope's end belongs to the process and is no finding.
 *
 * @param label what for; kept out of telemetry, for readers of the code
 * @example
 * ```ts
 * touch(session, 'heartbeat');
 * ```
 */
export function touch(thing: object, _label?: string): void {
  const note = typeof thing === 'object' && thing !== null ? notes.get(thing) : undefined;
  if (note !== undefined) note.touches++;
}

function checked(thing: unknown, options: TrackOptions): TrackOptions {
  if (typeof thing !== 'object' || thing === null) {
    throw brokenRule(
      'OUTLIVE_BAD_ARGUMENT',
      { path: 'thing', rule: 'an object', value: thing },
      'Pass the object whose lifetime it is.',
    );
  }
  const { kind, end, limitMs } = options;
  if (limitMs !== undefined && !(limitMs > 0)) {
    throw brokenRule(
      'OUTLIVE_BAD_ARGUMENT',
      { path: 'limitMs', rule: 'a number of ms > 0', value: limitMs },
      'Leave it out for no limit.',
    );
  }
  if (kind !== undefined && !kinds.includes(kind)) {
    throw brokenRule(
      'OUTLIVE_BAD_ARGUMENT',
      { path: 'kind', rule: `one of ${kinds.join(', ')}`, value: kind },
      'See docs/glossary.md.',
    );
  }
  if (end !== undefined && typeof Reflect.get(thing, end) !== 'function') {
    throw new OutliveError(
      'OUTLIVE_BAD_ARGUMENT',
      `Expected \`end\` to name a method of the thing, got \`${cleanName(end)}\``,
      {
        option: 'end',
        remedy: 'Name the method that ends it, or leave it out and call end() on the handle.',
      },
    );
  }
  return options;
}

const patchedCalls = new WeakMap<Engine, WeakMap<object, Set<string>>>();

/** Patches the call where it stands on the prototype chain, once; a call on a tracked thing ends its lifetime. */
function endsByCall(engine: Engine, thing: object, name: string): void {
  let owner: object = thing;
  while (!Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as object;
  const patched = patchedCalls.get(engine) ?? new WeakMap<object, Set<string>>();
  patchedCalls.set(engine, patched);
  const names = patched.get(owner) ?? new Set();
  patched.set(owner, names);
  if (names.has(name)) return;
  names.add(name);
  const behind = behindOf(engine.observer);
  const detach = patchMethod(
    owner,
    name,
    (original, state) =>
      function ending(this: unknown, ...args: unknown[]): unknown {
        if (state.active && typeof this === 'object' && this !== null) {
          noteEnd(this);
          behind.lookUp(this);
        }
        return Reflect.apply(original, this, args);
      },
  );
  // an own method belongs to this one thing: holding on to it until detach would retain it
  if (owner !== thing) engine.observer.onDetach(detach, owner);
}

const typesOf = new WeakMap<Engine, Map<string, TrackedType>>();
const maxTypes = 200;

function typeOf(
  engine: Engine,
  { kind, name, end, limitMs }: TrackOptions & { readonly kind: Kind; readonly name: string },
): TrackedType {
  let types = typesOf.get(engine);
  if (types === undefined) typesOf.set(engine, (types = new Map()));
  const wanted = `${kind} ${limitMs ?? ''} ${name}`;
  const known = types.size < maxTypes || types.has(wanted);
  const key = known ? wanted : `${kind} other`;
  let type = types.get(key);
  if (type === undefined) {
    const advice =
      end === undefined
        ? 'call `end()` on its handle, or open it with `using`'
        : `call \`${cleanName(end)}()\` on it when its work is done`;
    type = engine.ledger.defineType({
      kind,
      name: known ? name : 'other',
      probe: trackedProbe,
      judgement: 'scope',
      advice,
      limitMs: known ? limitMs : undefined,
    });
    types.set(key, type);
  }
  return type;
}
