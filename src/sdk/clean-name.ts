const longest = 80;

/** A name that the app gave, as it may leave the process: printable, one line, at most 80 characters. */
export function cleanName(name: unknown): string {
  const text = (typeof name === 'string' ? name : 'unnamed').replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
  return text.trim().slice(0, longest) || 'unnamed';
}
