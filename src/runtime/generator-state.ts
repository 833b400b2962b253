import type { Session } from 'node:inspector';

/**
 * Where an async generator stands: at a `yield` (it goes on only when somebody calls it), at an `await` (it goes on by
 * itself), or at its end.
 */
export type GeneratorState = 'yielded' | 'awaiting' | 'closed';

/** A generator to look at, and the promise of its last `next()` while that is still about. */
export interface GeneratorAndStep {
  readonly generator: object;
  readonly lastStep: object | undefined;
}

/** Shared by all looks: the property on `globalThis` that exists while V8 is asked, synchronously, and never longer. */
const handOver = 'outlive.look';
let inspectorIsUsable = true;

/**
 * Asks V8 where async generators stand; nothing else in Node can tell a finished one from one that was left.
 * 25 µs each in a batch of 20, plus 100 µs a call, on Node 22/24/26: for survivors only, and few at a time.
 * An inspector session is connected while this runs and at no other time.
 *
 * @returns one state for each, `undefined` for what is no async generator or is running; nothing at all where Node
 *   has no inspector, forbids it, or a debugger is about, which these looks would disturb
 */
export function generatorStates(batch: readonly GeneratorAndStep[]): (GeneratorState | undefined)[] {
  return inspected((ask) => {
    const states = ask(
      batch.map(({ generator }) => generator),
      '[[GeneratorState]]',
    );
    const steps = ask(
      batch.map(({ lastStep }, i) => (states[i] === 'suspended' ? lastStep : undefined)),
      '[[PromiseState]]',
    );
    return states.map((state, i) => {
      if (state === 'closed') return 'closed';
      // V8 calls both "suspended": what tells a yield is that the step which led there is over
      if (state === 'suspended') return steps[i] === 'pending' ? 'awaiting' : 'yielded';
      return undefined;
    });
  });
}

/** The source text of the function that made a generator, as V8 has it. */
export function generatorSource(generator: object): string | undefined {
  return inspected((_, post) => {
    const { objectId } = evaluated(post, generator);
    const { internalProperties } = post('Runtime.getProperties', { objectId, ownProperties: true }) as Properties;
    return [internalProperties?.find(({ name }) => name === '[[GeneratorFunction]]')?.value?.description];
  })[0];
}

interface RemoteObject {
  readonly objectId?: string;
  readonly description?: string;
  readonly preview?: { readonly properties: readonly { readonly name: string; readonly value?: string }[] };
}
interface Property {
  readonly name: string;
  readonly value?: RemoteObject;
}
interface Properties {
  readonly result: readonly Property[];
  readonly internalProperties?: readonly Property[];
}
type Post = (method: string, params: object) => unknown;
type Ask = (objects: readonly (object | undefined)[], internalName: string) => (string | undefined)[];

function inspected<R>(look: (ask: Ask, post: Post) => R[]): R[] {
  if (!inspectorIsUsable) return [];
  let session: Session | undefined;
  try {
    const inspector = process.getBuiltinModule('node:inspector');
    if (inspector.url() !== undefined) return [];
    session = new inspector.Session();
    session.connect();
    const post = postOf(session);
    return look((objects, internalName) => previewed(post, objects, internalName), post);
  } catch {
    inspectorIsUsable = false;
    return [];
  } finally {
    session?.disconnect();
  }
}

/** In-process, V8 answers before `post` returns. */
function postOf(session: Session): Post {
  const untyped = session as unknown as {
    post(method: string, params: object, answered: (error: unknown, result: unknown) => void): void;
  };
  return (method, params) => {
    let answer: unknown;
    untyped.post(method, params, (error, result) => {
      if (error === null) answer = result;
    });
    if (answer === undefined) throw new Error(`the inspector does not answer ${method}`);
    return answer;
  };
}

function previewed(post: Post, objects: readonly (object | undefined)[], internalName: string) {
  const { objectId } = evaluated(post, objects);
  const shown = { objectId, ownProperties: true, generatePreview: true };
  const { result } = post('Runtime.getProperties', shown) as Properties;
  return objects.map((_, i) => {
    const preview = result.find(({ name }) => name === String(i))?.value?.preview;
    return preview?.properties.find(({ name }) => name === internalName)?.value;
  });
}

function evaluated(post: Post, object: object): RemoteObject {
  const key = Symbol.for(handOver);
  try {
    Object.defineProperty(globalThis, key, { value: object, configurable: true });
    const expression = `globalThis[Symbol.for('${handOver}')]`;
    return (post('Runtime.evaluate', { expression, silent: true }) as { readonly result: RemoteObject }).result;
  } finally {
    Reflect.deleteProperty(globalThis, key);
  }
}
