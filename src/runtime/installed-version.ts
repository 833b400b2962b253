import { fs, path } from './builtins.ts';

/**
 * The version of a package that code in `file` gets by `import`, as Node looks for it: the nearest `node_modules` upwards.
 *
 * @returns `undefined` where none is found: in a bundle, or where a loader of another sort resolves packages
 */
export function installedVersion(name: string, file: string): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const version = versionIn(path.join(folder, 'node_modules', name, 'package.json'));
    if (version !== undefined) return version;
    if (folder === path.dirname(folder)) return undefined;
  }
}

function versionIn(manifest: string): string | undefined {
  try {
    const { version } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { readonly version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}

/** @param known versions by their first parts: `10` stands for 10.0.0 and 10.3.1, `0.3` for 0.3.9 */
export const isAmong = (version: string, known: readonly string[]): boolean =>
  known.some((first) => version === first || version.startsWith(`${first}.`));
