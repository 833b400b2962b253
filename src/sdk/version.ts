import { fs } from '../runtime/builtins.ts';

/** outlive's own version, as its package.json says. Read when it is asked for: not before the app's first line. */
export function ownVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(fs.readFileSync(new URL(up, import.meta.url), 'utf8')) as Record<
        string,
        unknown
      >;
      if (name === 'outlive' && typeof version === 'string') return version;
    } catch {
      // not there: sources and build lie at different depths
    }
  }
  return '0.0.0';
}
