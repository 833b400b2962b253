/** One call site as V8 hands it over; read at once and dropped, for it retains `this` and the function. */
export interface RawFrame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly fn: string;
}

type Prepare = (error: Error, frames: NodeJS.CallSite[]) => unknown;
interface MutableErrorConstructor {
  stackTraceLimit: number;
  prepareStackTrace?: Prepare | undefined;
}
const ErrorSettings = Error as unknown as MutableErrorConstructor;

/** A script's name as V8 gives it, a path where it is one. */
export const fileOf = (name: string | null | undefined): string => {
  if (!name) return '';
  if (!name.startsWith('file://')) return name;
  try {
    return decodeURIComponent(name.slice(7).replace(/[?#].*$/, ''));
  } catch {
    return name.slice(7);
  }
};

/** A function on the stack. */
export type Above = NonNullable<Parameters<typeof Error.captureStackTrace>[1]>;

let collected: RawFrame[] = [];
let keepNode = false;
const collect: Prepare = (_error, frames) => {
  collected = [];
  for (const frame of frames) {
    const file = fileOf(frame.getFileName() ?? frame.getScriptNameOrSourceURL());
    if (file === '' || (!keepNode && file.startsWith('node:')) || file.startsWith('wasm:')) continue;
    collected.push({
      file,
      line: frame.getLineNumber() ?? 0,
      column: frame.getColumnNumber() ?? 0,
      fn: frame.getFunctionName() ?? '',
    });
  }
  return '';
};

/** Whether the innermost caller outside `node:events` and outlive is Node itself: a class of its own is being constructed. */
export function isCalledByNode(isOwn: (file: string) => boolean): boolean {
  keepNode = true;
  try {
    const caller = capturedFrames(16, isCalledByNode).find(({ file }) => file !== 'node:events' && !isOwn(file));
    return caller?.file.startsWith('node:') === true;
  } finally {
    keepNode = false;
  }
}

/**
 * The frames outside Node that led here, innermost first: names and numbers only.
 * Costs 1 µs at depth 1, 4 µs at depth 4 and more with depth, so callers sample (docs: runtime facts, Sites).
 * The app's own `Error.prepareStackTrace` and `stackTraceLimit` are as before when this returns.
 *
 * @param depth how many frames V8 walks, Node's included
 * @param above a function on the stack: it and what it called are left out, and do not count as depth
 */
export function capturedFrames(depth: number, above: Above = capturedFrames): readonly RawFrame[] {
  const { stackTraceLimit, prepareStackTrace } = ErrorSettings;
  const prepared = Object.hasOwn(Error, 'prepareStackTrace');
  const target: { stack?: unknown } = {};
  try {
    ErrorSettings.stackTraceLimit = depth;
    ErrorSettings.prepareStackTrace = collect;
    Error.captureStackTrace(target, above);
    // The getter formats: from here on the frames are ours and V8's own are dropped.
    void target.stack;
    return collected;
  } catch {
    return [];
  } finally {
    collected = [];
    try {
      ErrorSettings.stackTraceLimit = stackTraceLimit;
      if (prepared) ErrorSettings.prepareStackTrace = prepareStackTrace;
      else delete ErrorSettings.prepareStackTrace;
    } catch {
      // Error is frozen: nothing was changed, so nothing is to be put back
    }
  }
}
