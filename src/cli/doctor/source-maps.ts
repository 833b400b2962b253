import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Check } from './check.ts';

const title = 'Source maps';
const plain = /\.[cm]?js$/;
const mapComment = /\/\/# sourceMappingURL=(\S+)\s*$/;

/** Whether findings can name the line that was written: of a build, only with its source map. */
export function sourceMapCheck(folder: string): Check {
  const entry = entryOf(folder);
  if (entry === undefined) return { title, status: 'skipped', seen: 'no package.json with a `main` here' };
  const path = join(folder, entry);
  if (!plain.test(entry)) return { title, status: 'ok', seen: `${entry} runs as written` };
  if (!existsSync(path))
    return { title, status: 'warning', seen: `${entry} is not there`, remedy: 'Build the app first.' };
  const map = mapComment.exec(readFileSync(path, 'utf8'))?.[1];
  if (map !== undefined) return checkOfMap(entry, path, map);
  if (!isBuilt(folder, path)) return { title, status: 'ok', seen: `${entry} runs as written` };
  return {
    title,
    status: 'warning',
    seen: `${entry} has none: findings will name lines of the build`,
    remedy: 'Set `"sourceMap": true` in tsconfig.json, or the like in the bundler.',
  };
}

function entryOf(folder: string): string | undefined {
  try {
    const { main, scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      main?: string;
      scripts?: Record<string, string>;
    };
    return /\bnode\s(?:.*\s)?([\w./-]+\.[cm]?[jt]s)\b/.exec(scripts?.start ?? '')?.[1] ?? main;
  } catch {
    return undefined;
  }
}

/** By the `outDir` of tsconfig.json; it may have comments, so that it is no JSON to parse. */
function isBuilt(folder: string, path: string): boolean {
  const file = join(folder, 'tsconfig.json');
  const outDir = existsSync(file) ? /"outDir"\s*:\s*"([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return outDir !== undefined && !relative(join(folder, outDir), path).startsWith('..');
}

function checkOfMap(entry: string, path: string, map: string): Check {
  try {
    const inline = /^data:application\/json[^,]*;base64,(.*)$/.exec(map)?.[1];
    const text =
      inline === undefined
        ? readFileSync(join(dirname(path), decodeURIComponent(map)), 'utf8')
        : Buffer.from(inline, 'base64').toString();
    const { payload } = new SourceMap(JSON.parse(text) as SourceMap['payload']);
    return { title, status: 'ok', seen: `${entry} has one (${payload.sources.length} sources)` };
  } catch {
    return {
      title,
      status: 'warning',
      seen: `${entry} names a source map that cannot be read`,
      remedy: 'Ship the .map files with the build.',
    };
  }
}
