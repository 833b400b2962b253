/** The name that was probably meant: the nearest one, if it is within a third of its length. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let nearestEdits = Infinity;
  for (const name of names) {
    const edits = editsBetween(typed.toLowerCase().slice(0, 64), name.toLowerCase());
    if (edits < nearestEdits && edits <= name.length / 3) [nearest, nearestEdits] = [name, edits];
  }
  return nearest;
}

/** Levenshtein distance. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
