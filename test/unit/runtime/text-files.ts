import type { ReadText } from '../../../src/runtime/process-files.ts';

/** `/proc` and `/sys` as a test wants them. */
export function textFiles(files: Readonly<Record<string, string>>): {
  readonly read: ReadText;
  write(path: string, text: string): void;
} {
  const texts = new Map(Object.entries(files));
  return { read: (path) => texts.get(path), write: (path, text) => void texts.set(path, text) };
}
