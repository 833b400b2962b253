type Look = readonly (readonly [object, ReadonlyMap<PropertyKey, PropertyDescriptor>])[];

/** Every property of some objects, with its attributes, in their order. */
export const lookAt = (places: readonly object[]): Look =>
  places.map((place) => [
    place,
    new Map(Reflect.ownKeys(place).map((key) => [key, Reflect.getOwnPropertyDescriptor(place, key) ?? {}])),
  ]);

const parts = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const;

/** The names of what is another now, by identity and to the last attribute; `order` where only that changed. */
export const changesSince = (look: Look): PropertyKey[] =>
  look.flatMap(([place, before]) => {
    const [[, now] = [place, new Map<PropertyKey, PropertyDescriptor>()]] = lookAt([place]);
    const differs = (key: PropertyKey): boolean =>
      parts.some((part) => !Object.is(before.get(key)?.[part], now.get(key)?.[part]));
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter(differs);
    const inOrder = [...before.keys()].every((key, i) => [...now.keys()][i] === key);
    return changed.length > 0 || inOrder ? changed : ['order'];
  });

/** Puts everything back that is another now. */
export function putBack(look: Look): void {
  for (const [place, before] of look) {
    for (const key of Reflect.ownKeys(place)) if (!before.has(key)) Reflect.deleteProperty(place, key);
    for (const [key, descriptor] of before) Object.defineProperty(place, key, descriptor);
  }
}
