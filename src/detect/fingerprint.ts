import type { Place } from './place.ts';
import type { Suspicion } from './finding.ts';

/** FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv): short, stable over restarts and processes; not for secrets. */
function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

/** One cause, one id: kind + file + function + text of the source line, so that moved lines and restarts keep it. */
export function fingerprintOf({ kind, resourceType, scopeName }: Suspicion, place: Place | undefined): string {
  if (place === undefined) return fnv1a64([kind, resourceType, scopeName ?? ''].join('\0'));
  return fnv1a64([kind, place.file, place.fn, place.text].join('\0'));
}
