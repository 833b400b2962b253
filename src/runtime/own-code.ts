import { url } from './builtins.ts';
import { slashed } from './slashed.ts';

/**
 * Where outlive's code and its integrations lie, by the place of a file of it: this one, or a chunk into which the build
 * has put it (docs/decisions/0011-start-up.md). Nowhere where it was bundled into the app: then it cannot be told apart.
 */
export function ownFolders(thisFile: string): string[] {
  const at = /\/src\/(?:runtime\/own-code|chunks\/[\w-]+)\.[jt]s$/.exec(thisFile)?.index;
  if (at === undefined) return [];
  const base = thisFile.slice(0, at);
  return [`${base}/src/`, `${base}/integrations/`];
}

const folders: readonly string[] = ownFolders(slashed(url.fileURLToPath(import.meta.url)));

/** Whether a file is part of outlive. */
export function isOwnFile(file: string): boolean {
  const path = slashed(file);
  return folders.some((folder) => path.startsWith(folder));
}
