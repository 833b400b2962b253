import { writeToStderr } from '../runtime/stderr.ts';

const told = new Set<string>();
const maxTold = 20;

/** Errors in outlive's own code, by where they happened: never the host's business, told once a place. */
export class Troubles {
  readonly counts = new Map<string, number>();

  readonly note = (where: string, error: unknown): void => {
    this.counts.set(where, (this.counts.get(where) ?? 0) + 1);
    const what = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
    tellOnce(
      `${where} failed (${what.slice(0, 200)}); the app is not affected. Please report it with \`npx outlive doctor\`.`,
    );
  };
}

/** One line on stderr, the same one never twice, 20 different ones at most. */
export function tellOnce(message: string): void {
  if (told.has(message) || told.size >= maxTold) return;
  told.add(message);
  writeToStderr(`outlive: ${message}`);
}
