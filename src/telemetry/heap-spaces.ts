import { otherName } from './names.ts';

interface SpaceSize {
  readonly usedBytes: number;
  readonly committedBytes: number;
}

/** The spaces where an app's objects live. V8 has 8 to 10 more; they are told together. */
const told = new Set(['new_space', 'old_space', 'large_object_space']);

export function spacesByName(spaces: Iterable<SpaceSize & { readonly name: string }>): Map<string, SpaceSize> {
  const byName = new Map<string, SpaceSize>();
  for (const space of spaces) {
    const name = told.has(space.name) ? space.name : otherName;
    const before = byName.get(name);
    byName.set(name, {
      usedBytes: (before?.usedBytes ?? 0) + space.usedBytes,
      committedBytes: (before?.committedBytes ?? 0) + space.committedBytes,
    });
  }
  return byName;
}
