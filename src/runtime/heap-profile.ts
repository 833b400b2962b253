import type { Session } from 'node:inspector';
import { type HeapHeld, heapHeld } from './heap-live.ts';
import { fileOf, type RawFrame } from './stack.ts';

/** One sampled object that lives. */
export interface LiveSample {
  /** Rises in the order of birth, over all samples since the start. */
  readonly ordinal: number;
  /** What it stands for: itself and those like it that were not sampled. */
  readonly bytes: number;
}

/** What lives of the objects that were allocated by one call path since the start. */
export interface LiveStack {
  /** Innermost first, Node's too (`node:…`), V8's own left out: where each function begins, not the line it was at. */
  readonly frames: readonly RawFrame[];
  readonly samples: readonly LiveSample[];
}

/** One look: a full collection, then what was allocated since the start and lives. */
export interface LiveAllocations {
  readonly stacks: readonly LiveStack[];
  /** Right after that collection. */
  readonly held: HeapHeld;
}

interface ProfileNode {
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly id: number;
  readonly children: readonly ProfileNode[];
}
interface SamplingProfile {
  readonly profile: {
    readonly head: ProfileNode;
    readonly samples: readonly { readonly size: number; readonly nodeId: number; readonly ordinal: number }[];
  };
}
type Post = (method: string, params?: object) => { readonly error: unknown; readonly answer: unknown };

/**
 * V8's sampling heap profiler: one allocation in so many bytes is remembered with its call path until it is collected.
 * There is one in a thread, for everybody: where the app or a debugger uses it, this one gives way.
 */
export class HeapProfile {
  #session: Session | undefined;

  get isRunning(): boolean {
    return this.#session !== undefined;
  }

  /** Whether an inspector session is the one that samples here. */
  isOwn(session: unknown): boolean {
    return session === this.#session;
  }

  /**
   * @param intervalBytes one sample in so many bytes on average; 32 KB costs 1 % of a busy thread (docs/decisions/0014)
   * @returns whether it runs; `false` where the inspector is missing, forbidden or in use
   */
  start(intervalBytes: number): boolean {
    if (this.#session !== undefined) return true;
    try {
      const inspector = process.getBuiltinModule('node:inspector');
      if (inspector.url() !== undefined) return false;
      const session = new inspector.Session();
      session.connect();
      const post = postOf(session);
      // answers only where somebody else samples already: to start again would change nothing, to stop would end theirs
      if (post('HeapProfiler.getSamplingProfile').error === null || !starts(post, intervalBytes)) {
        session.disconnect();
        return false;
      }
      this.#session = session;
      return true;
    } catch {
      return false;
    }
  }

  /** Collects all garbage, so it takes 0.8 ms for each MB of the heap. `undefined` where the profiler was taken away. */
  read(): LiveAllocations | undefined {
    if (this.#session === undefined) return undefined;
    const { error, answer } = postOf(this.#session)('HeapProfiler.getSamplingProfile');
    if (error !== null || answer === undefined) {
      this.stop();
      return undefined;
    }
    this.forgetPrinted();
    return { stacks: stacksOf(answer as SamplingProfile), held: heapHeld() };
  }

  /**
   * While a session is connected, V8 keeps what the app prints by `console`, its objects too, and has it still when the
   * session is over.
   */
  forgetPrinted(): void {
    if (this.#session !== undefined) postOf(this.#session)('Runtime.discardConsoleEntries');
  }

  stop(): void {
    const session = this.#session;
    if (session === undefined) return;
    this.forgetPrinted();
    this.#session = undefined;
    try {
      // ends the sampling too
      session.disconnect();
    } catch {
      // it was disconnected
    }
  }
}

const starts = (post: Post, samplingInterval: number): boolean =>
  post('HeapProfiler.startSampling', { samplingInterval }).error === null;

/** In-process, V8 answers before `post` returns. */
function postOf(session: Session): Post {
  const untyped = session as unknown as {
    post(method: string, params: object, answered: (error: unknown, result: unknown) => void): void;
  };
  return (method, params = {}) => {
    let told: { error: unknown; answer: unknown } = { error: undefined, answer: undefined };
    try {
      untyped.post(method, params, (error, answer) => {
        told = { error, answer };
      });
    } catch (error) {
      told = { error, answer: undefined };
    }
    return told;
  };
}

function stacksOf({ profile: { head, samples } }: SamplingProfile): LiveStack[] {
  const samplesOf = Map.groupBy(samples, ({ nodeId }) => nodeId);
  const stacks: LiveStack[] = [];
  const walk = (node: ProfileNode, outer: readonly RawFrame[]): void => {
    const frame = frameOf(node);
    const frames = frame === undefined ? outer : [frame, ...outer];
    const live = samplesOf.get(node.id);
    if (live !== undefined)
      stacks.push({ frames, samples: live.map(({ ordinal, size }) => ({ ordinal, bytes: size })) });
    for (const child of node.children) walk(child, frames);
  };
  walk(head, []);
  return stacks;
}

function frameOf({ callFrame: { functionName, url, lineNumber, columnNumber } }: ProfileNode): RawFrame | undefined {
  if (url === '' || url.startsWith('wasm:')) return undefined;
  return { file: fileOf(url), line: lineNumber + 1, column: columnNumber + 1, fn: functionName };
}
