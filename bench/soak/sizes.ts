import { Session } from 'node:inspector/promises';
import type { Runtime } from 'node:inspector';

/** Entries in all collections of a field, by class and field, summed over all objects of the class. */
export type Sizes = ReadonlyMap<string, number>;

const maxObjects = 20_000;
const maxDepth = 9;
/** Of a long collection so many members are looked into. */
const membersLookedInto = 100;
const lookThrough: ReadonlySet<string | undefined> = new Set([undefined, 'map', 'set', 'array']);

interface Found {
  readonly id: string;
  readonly className: string;
  readonly depth: number;
}

/**
 * How many entries every Map, Set and array holds that can be reached from here, private fields too: asked of V8 by an
 * inspector session of this process. Weak references are not followed.
 */
export async function sizesFrom(root: object): Promise<Sizes> {
  const session = new Session();
  session.connect();
  const shared = globalThis as { soak?: { root: object; seen: WeakSet<object> } };
  shared.soak = { root, seen: new WeakSet() };
  try {
    return await walked(session);
  } finally {
    delete shared.soak;
    session.disconnect();
  }
}

async function walked(session: Session): Promise<Sizes> {
  const sizes = new Map<string, number>();
  const { result } = await session.post('Runtime.evaluate', { expression: 'globalThis.soak.root' });
  const waiting: Found[] = [];
  const meet = (value: Runtime.RemoteObject, depth: number): void => {
    if (value.type !== 'object' || value.objectId === undefined || depth > maxDepth) return;
    if (lookThrough.has(value.subtype)) waiting.push({ id: value.objectId, className: value.className ?? '', depth });
  };
  meet(result, 0);
  for (let looked = 0; waiting.length > 0 && looked < maxObjects; looked++) {
    const found = waiting.shift();
    if (found === undefined || (await wasSeen(session, found.id))) continue;
    const properties = await propertiesOf(session, found.id);
    const { result: own, privateProperties = [], internalProperties = [] } = properties;
    for (const { name, value } of [...own, ...privateProperties].slice(0, membersLookedInto)) {
      if (value === undefined || name === '__proto__' || name.startsWith('_idle')) continue;
      const size = lengthOf(value);
      const key = `${found.className}.${name}`;
      if (size !== undefined && !isIndex(name)) sizes.set(key, (sizes.get(key) ?? 0) + size);
      meet(value, found.depth + 1);
    }
    for (const { name, value } of internalProperties) if (name === '[[Entries]]' && value) meet(value, found.depth);
  }
  return sizes;
}

/** Node's types do not know of private properties, its inspector does. */
type Properties = Runtime.GetPropertiesReturnType & {
  readonly privateProperties?: readonly { name: string; value?: Runtime.RemoteObject }[];
};

const propertiesOf = (session: Session, objectId: string): Promise<Properties> =>
  session.post('Runtime.getProperties', { objectId, ownProperties: true });

async function wasSeen(session: Session, objectId: string): Promise<boolean> {
  const { result } = await session.post('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: 'function () { const { seen } = globalThis.soak; return seen.has(this) || !seen.add(this); }',
    returnByValue: true,
  });
  return result.value === true;
}

/** `Map(12)`, `Array(3)`, `Float64Array(1024)`. */
function lengthOf({ type, description }: Runtime.RemoteObject): number | undefined {
  const length = type === 'object' ? /^(?:Map|Set|Array|[A-Za-z0-9]+Array)\((\d+)\)$/.exec(description ?? '') : null;
  return length === null ? undefined : Number(length[1]);
}

const isIndex = (name: string): boolean => /^\d+$/.test(name);
