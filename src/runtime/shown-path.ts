import { path, url } from './builtins.ts';
import { slashed } from './slashed.ts';

const maxPathChars = 300;

/** A path as it is told: from the app's root on, from `node_modules/` on, or from the root to where it lies. */
export function shownPath(file: string, roots: readonly string[]): string {
  const whole = slashed(withoutScheme(file)).slice(0, 4096);
  const root = roots.find((folder) => whole.startsWith(folder));
  const below = root === undefined ? whole : whole.slice(root.length);
  const inModules = /^(?:.*\/)?(node_modules\/.*)$/s.exec(below)?.[1];
  const shown = inModules ?? (path.isAbsolute(below) ? slashed(path.relative(roots[0] ?? '', below)) : below);
  return shown.length > maxPathChars ? `…${shown.slice(-maxPathChars)}` : shown;
}

/** Sources that bundlers name by schemes of their own: `webpack://name/./src/a.ts`, `webpack-internal:///(rsc)/./src/a.ts`. */
function withoutScheme(file: string): string {
  if (file.startsWith('data:')) return 'data:';
  if (file.startsWith('file:')) return url.fileURLToPath(file.replace(/[?#].*$/, ''));
  const bundled = /^[a-z][\w+.-]+:\/\/[^/]*\/(.*)$/is.exec(file)?.[1];
  if (bundled === undefined) return file;
  return bundled.replace(/[?#].*$/s, '').replace(/^(?:\.?\/|\([^)]*\)\/|\[[^\]]*\]\/)+/, '');
}
