/** Undoes what was attached, by identity: only what is still ours is taken away. Idempotent. */
export type Detach = () => void;

// oxlint-disable-next-line no-explicit-any -- a patch passes through whatever signature the host's function has
export type AnyFunction = (this: any, ...args: any[]) => any;

/** A patched function that is still in place; `active` turns false when it was detached but somebody wrapped it meanwhile. */
export interface PatchState {
  active: boolean;
}

/**
 * Replaces `target[name]` by what `wrap` makes of it. The property keeps its attributes, the function its name, length
 * and own properties (`promisify.custom`). Where `name` is inherited, the replacement becomes an own property and is deleted
 * again on detach. A frozen or missing property is left alone.
 *
 * @param wrap must call `original` with its own `this` and arguments whenever `state.active` is false
 */
export function patchMethod(
  target: object,
  name: PropertyKey,
  wrap: (original: AnyFunction, state: PatchState) => AnyFunction,
): Detach {
  const own = Reflect.getOwnPropertyDescriptor(target, name);
  const original: unknown = own === undefined ? Reflect.get(target, name) : own.value;
  if (typeof original !== 'function' || own?.configurable === false || !Object.isExtensible(target)) return () => {};
  const state: PatchState = { active: true };
  const replacement = alike(wrap(original as AnyFunction, state), original as AnyFunction);
  Object.defineProperty(target, name, {
    value: replacement,
    writable: own?.writable ?? true,
    enumerable: own?.enumerable ?? false,
    configurable: true,
  });
  return () => {
    state.active = false;
    if (Reflect.getOwnPropertyDescriptor(target, name)?.value !== replacement) return;
    if (own === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, own);
  };
}

/**
 * Replaces the setter of `target[name]` the same way; the getter stays. What is no accessor with a setter is left alone.
 *
 * @param wrap must call `original` with its own `this` and value, whatever it does beside
 */
export function patchSetter(
  target: object,
  name: PropertyKey,
  wrap: (original: AnyFunction, state: PatchState) => AnyFunction,
): Detach {
  const own = Reflect.getOwnPropertyDescriptor(target, name);
  const found = own ?? inheritedDescriptor(target, name);
  if (found?.set === undefined || own?.configurable === false || !Object.isExtensible(target)) return () => {};
  const state: PatchState = { active: true };
  const replacement = alike(wrap(found.set, state), found.set);
  Object.defineProperty(target, name, { ...found, set: replacement, configurable: true });
  return () => {
    state.active = false;
    if (Reflect.getOwnPropertyDescriptor(target, name)?.set !== replacement) return;
    if (own === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, own);
  };
}

/** Several detaches as one, undone in reverse order. */
export function detachAll(detaches: Iterable<Detach>): Detach {
  const all = [...detaches].toReversed();
  return () => {
    for (const detach of all.splice(0)) detach();
  };
}

function alike(replacement: AnyFunction, original: AnyFunction): AnyFunction {
  for (const key of Reflect.ownKeys(original)) {
    if (key === 'prototype' || key === 'arguments' || key === 'caller') continue;
    const descriptor = Reflect.getOwnPropertyDescriptor(original, key);
    if (descriptor !== undefined) Reflect.defineProperty(replacement, key, descriptor);
  }
  return replacement;
}

function inheritedDescriptor(target: object, name: PropertyKey): PropertyDescriptor | undefined {
  for (let owner = Reflect.getPrototypeOf(target); owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(owner, name);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}
