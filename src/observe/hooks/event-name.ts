const longest = 40;

/**
 * An event's name as it may leave the process: quoted, printable, short, a symbol by its description. The app gives these
 * names, and some carry an id (`order:4711`, a UUID): runs of digits and long words with digits become `*`.
 */
export function eventNameOf(event: PropertyKey): string {
  const text = typeof event === 'symbol' ? (event.description ?? 'symbol') : String(event);
  const cleaned = text
    .slice(0, 4 * longest)
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .replaceAll(/[\w-]*\d[\w-]{15,}|\d{3,}/g, '*');
  return `'${cleaned.trim().slice(0, longest)}'`;
}
