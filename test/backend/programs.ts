import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Program {
  readonly name: string;
  /** What `go build` is told in the program's folder. */
  readonly build: readonly string[];
  readonly binaries: readonly Binary[];
}

export type Binary = 'collector' | 'manifests' | 'prometheus' | 'promtool' | 'alertmanager' | 'loki';

/** Their versions stand in `programs/<name>/go.mod`; the quickest to build comes first. */
export const programs: readonly Program[] = [
  { name: 'collector', build: ['.'], binaries: ['collector'] },
  // docker compose's loader and the validation of Kubernetes' API server
  { name: 'manifests', build: ['.'], binaries: ['manifests'] },
  {
    name: 'alertmanager',
    build: ['github.com/prometheus/alertmanager/cmd/alertmanager'],
    binaries: ['alertmanager'],
  },
  {
    name: 'prometheus',
    // without the service discovery of a score of clouds: half of the time that a build takes
    build: [
      '-tags=remove_all_sd',
      'github.com/prometheus/prometheus/cmd/prometheus',
      'github.com/prometheus/prometheus/cmd/promtool',
    ],
    binaries: ['prometheus', 'promtool'],
  },
  { name: 'loki', build: ['github.com/grafana/loki/v3/cmd/loki'], binaries: ['loki'] },
];

export const sourceFolder = ({ name }: Program): string => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/** Outside the repository, so that every checkout on the machine shares what was built from the same sources. */
export function cacheFolder(program: Program): string {
  const source = sourceFolder(program);
  const hash = createHash('sha256');
  for (const file of readdirSync(source).toSorted()) hash.update(`${file}\0`).update(readFileSync(join(source, file)));
  const caches = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(caches, 'outlive-backend', `${program.name}-${hash.digest('hex').slice(0, 12)}`);
}

export const isBuilt = (program: Program): boolean =>
  program.binaries.every((binary) => existsSync(join(cacheFolder(program), binary)));

export function binaryPath(binary: Binary): string {
  const program = programs.find(({ binaries }) => binaries.includes(binary));
  const path = program === undefined ? undefined : join(cacheFolder(program), binary);
  if (path === undefined || !existsSync(path))
    throw new Error(`${binary} is not built yet: \`npm run backend\` builds it`);
  return path;
}
