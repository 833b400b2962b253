import { cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Starter } from './starters.ts';

export interface Copied {
  readonly written: boolean;
  /** From the folder of the command: what was written, or what stands in the way. */
  readonly files: readonly string[];
}

export interface CopyOptions {
  readonly folder: string;
  readonly into: string;
  readonly force: boolean;
}

const deployFolder = join(dirname(createRequire(import.meta.url).resolve('outlive/package.json')), 'deploy');

/** Copies all of it, or nothing where a file of the same name is there. */
export function copyInto({ files }: Starter, { folder, into, force }: CopyOptions): Copied {
  const pairs = Object.entries(files).flatMap(([name, source]) =>
    pairsOf(join(deployFolder, source), join(folder, into, name)),
  );
  const standing = pairs.filter(({ to }) => existsSync(to));
  const told = (list: readonly Pair[]) => list.map(({ to }) => relative(folder, to));
  if (standing.length > 0 && !force) return { written: false, files: told(standing) };
  for (const { from, to } of pairs) cpSync(from, to, { force: true });
  return { written: true, files: told(pairs) };
}

interface Pair {
  readonly from: string;
  readonly to: string;
}

const pairsOf = (from: string, to: string): Pair[] =>
  statSync(from).isDirectory()
    ? readdirSync(from).flatMap((file) => pairsOf(join(from, file), join(to, file)))
    : [{ from, to }];
