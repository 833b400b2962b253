import { posix } from 'node:path';
import { hasDefaultExport, type Import, importsOf } from './imports.ts';

/** Source text by path from the top of the repository. */
export type Sources = ReadonlyMap<string, string>;

interface RoomRules {
  /** Rooms whose values it may import, beside its own. */
  readonly rooms: readonly string[];
  /** Rooms of which it may know the types, beside those. */
  readonly types?: readonly string[];
  readonly packages?: RegExp;
  readonly node?: false;
}

/** Every room of `src` below `sdk`, in the order of the data: observe → lifetime → detect → telemetry. */
const inner = ['runtime', 'lifetime', 'observe', 'detect', 'telemetry', 'report'] as const;
const outer: RoomRules = { rooms: ['sdk', 'report', 'detect'] };

/** The house: who may import whom. `entry` is what stands in `src` itself. */
const house: Readonly<Record<string, RoomRules>> = {
  runtime: { rooms: [] },
  lifetime: { rooms: [], types: ['runtime'], node: false },
  observe: { rooms: ['lifetime', 'runtime'], packages: /^cls-hooked$/ },
  detect: { rooms: ['lifetime'], packages: /^simple-statistics$/ },
  telemetry: { rooms: ['lifetime', 'detect'], packages: /^@opentelemetry\// },
  report: { rooms: ['detect', 'lifetime'] },
  sdk: { rooms: inner, packages: /^zod(\/|$)/ },
  kit: outer,
  inspect: outer,
  cli: outer,
  entry: { rooms: ['sdk'], types: inner },
};

const vagueNames = /^(utils?|helpers?|common|types?|misc)$/;
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(ts|mjs)$/;
const maxLines = 400;

const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const isNode = (specifier: string): boolean => specifier.startsWith('node:');
const targetOf = (path: string, specifier: string): string => posix.join(posix.dirname(path), specifier);
const folderOf = (path: string, depth: number): string => path.split('/').slice(0, depth).join('/');
const roomOf = (path: string): string => (path.split('/').length === 2 ? 'entry' : (path.split('/')[1] ?? ''));

const importOfSrcBreaks = (path: string, { specifier, typeOnly }: Import): string | undefined => {
  const room = roomOf(path);
  const rules = house[room];
  if (rules === undefined) return `src/${room} is no room of the house`;
  if (isNode(specifier)) return rules.node === false ? `${room} knows no Node, but imports '${specifier}'` : undefined;
  if (!isRelative(specifier))
    return rules.packages?.test(specifier) ? undefined : `${room} may not import the package '${specifier}'`;
  const target = targetOf(path, specifier);
  if (!target.startsWith('src/')) return `src may not import '${target}'`;
  const other = roomOf(target);
  if (other === room || rules.rooms.includes(other)) return undefined;
  if (rules.types?.includes(other))
    return typeOnly ? undefined : `${room} may import only types of ${other}, but imports '${specifier}'`;
  return `${room} may not import ${other} ('${specifier}')`;
};

const importOfIntegrationBreaks = (path: string, { specifier, typeOnly }: Import): string | undefined => {
  if (path.endsWith('.test.ts') || isNode(specifier)) return undefined;
  if (!isRelative(specifier))
    return typeOnly ? undefined : `an integration imports its library ('${specifier}') by import type only`;
  const target = targetOf(path, specifier);
  if (folderOf(target, 2) === folderOf(path, 2) || target === 'src/observe/integration.ts') return undefined;
  return target.startsWith('integrations/')
    ? `an integration may not import another ('${specifier}')`
    : `an integration imports src/observe/integration.ts and nothing else of ours, not '${target}'`;
};

const importOfExampleBreaks = (path: string, { specifier }: Import): string | undefined => {
  if (!isRelative(specifier) || folderOf(targetOf(path, specifier), 2) === folderOf(path, 2)) return undefined;
  return `an example imports packages by name, not '${specifier}' from outside its folder`;
};

const importBreaks = (path: string, imported: Import): string | undefined => {
  if (path.startsWith('src/')) return importOfSrcBreaks(path, imported);
  if (path.startsWith('integrations/')) return importOfIntegrationBreaks(path, imported);
  return importOfExampleBreaks(path, imported);
};

const fileBreaks = (path: string, source: string): (string | undefined)[] => {
  const lines = source.trimEnd().split('\n').length;
  const vague = path.split('/').find((part) => vagueNames.test(part.replace(/\..*$/, '')));
  return [
    lines > maxLines ? `${lines} lines, more than ${maxLines}` : undefined,
    vague === undefined ? undefined : `'${vague}' says nothing: a type or function lives with its concept`,
    kebabCase.test(posix.basename(path)) ? undefined : 'its name is not kebab-case',
    path.startsWith('src/') && hasDefaultExport(source) ? 'a default export: named exports only' : undefined,
  ];
};

const relativeImports = (sources: Sources, path: string, wanted: (imported: Import) => boolean): string[] =>
  importsOf(sources.get(path) ?? '')
    .filter((imported) => isRelative(imported.specifier) && wanted(imported))
    .map(({ specifier }) => targetOf(path, specifier));

/** Files that wait for each other to load; each circle once. A type that names its owner's type waits for nothing. */
const cyclesOf = (sources: Sources): string[] => {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) found.push(`${path}: a cycle of imports: ${[...trail.slice(start), path].join(' → ')}`);
    if (start !== -1 || done.has(path)) return;
    for (const target of relativeImports(sources, path, ({ typeOnly, dynamic }) => !typeOnly && !dynamic))
      visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of sources.keys()) if (path.startsWith('src/')) visit(path, []);
  return found;
};

/** Every rule of the house that the sources break, one sentence each, beginning with the file. */
export const violationsOf = (sources: Sources): string[] => [
  ...[...sources].flatMap(([path, source]) =>
    [...fileBreaks(path, source), ...importsOf(source).map((imported) => importBreaks(path, imported))]
      .filter((reason) => reason !== undefined)
      .map((reason) => `${path}: ${reason}`),
  ),
  ...cyclesOf(sources),
];

/** The npm packages that are loaded together with a file, before its first line runs. */
export const packagesLoadedWith = (sources: Sources, entry: string): Set<string> => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { specifier, typeOnly, dynamic } of importsOf(sources.get(path) ?? '')) {
      if (typeOnly || dynamic || isNode(specifier)) continue;
      if (isRelative(specifier)) visit(targetOf(path, specifier));
      else packages.add(specifier);
    }
  };
  visit(entry);
  return packages;
};
