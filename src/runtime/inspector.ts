import type { Session } from 'node:inspector';

/** Shared by all looks: the property on `globalThis` that exists while V8 is asked, synchronously, and never longer. */
const handOver = 'outlive.look';
let inspectorIsUsable = true;

export interface RemoteObject {
  readonly objectId?: string;
  readonly description?: string;
  readonly preview?: { readonly properties: readonly { readonly name: string; readonly value?: string }[] };
}
export interface Property {
  readonly name: string;
  readonly value?: RemoteObject;
}
export interface Properties {
  readonly result: readonly Property[];
  readonly internalProperties?: readonly Property[];
}
/** Asks V8's inspector; in-process, it answers before this returns. */
export type Post = (method: string, params: object) => unknown;

/**
 * Looks at what no JavaScript can see. An inspector session is connected while this runs and at no other time.
 *
 * @returns what `look` answers; `otherwise` where Node has no inspector, forbids it, or a debugger is about, which these looks
 *   would disturb
 */
export function inspected<R>(look: (post: Post) => R, otherwise: R): R {
  if (!inspectorIsUsable) return otherwise;
  let session: Session | undefined;
  try {
    const inspector = process.getBuiltinModule('node:inspector');
    if (inspector.url() !== undefined) return otherwise;
    session = new inspector.Session();
    session.connect();
    return look(postOf(session));
  } catch {
    inspectorIsUsable = false;
    return otherwise;
  } finally {
    session?.disconnect();
  }
}

/** The inspector's handle of an object. */
export const evaluated = (post: Post, object: object): RemoteObject =>
  handingOver(object, (expression) => {
    const { result } = post('Runtime.evaluate', { expression, silent: true }) as { readonly result: RemoteObject };
    return result;
  });

/** While `fn` runs, the object is the value of the expression that `fn` is given. */
export function handingOver<R>(object: object, fn: (expression: string) => R): R {
  const key = Symbol.for(handOver);
  try {
    Object.defineProperty(globalThis, key, { value: object, configurable: true });
    return fn(`globalThis[Symbol.for('${handOver}')]`);
  } finally {
    Reflect.deleteProperty(globalThis, key);
  }
}

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
