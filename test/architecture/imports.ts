/** One `import`, `export … from` or dynamic `import()` of a source file. */
export interface Import {
  readonly specifier: string;
  /** Erased by type stripping: `import type`, `export type`, or nothing but inline `type` names. */
  readonly typeOnly: boolean;
  /** Loaded when the code runs, not before the file's first line. */
  readonly dynamic: boolean;
}

/** What must not be searched for imports comes first: comments, then imports, then strings and templates. */
const token = new RegExp(
  [
    String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`,
    String.raw`(?<![\w.$])(?:import|export)\s+(?<type>type\s+)?(?<names>(?:[\w$]+\s*,\s*)?(?:[\w$]+|\*(?:\s*as\s+[\w$]+)?|\{[^}]*\}))\s*from\s*(['"])(?<from>[^'"\n]+)\3`,
    String.raw`(?<![\w.$])import\s*(['"])(?<bare>[^'"\n]+)\5`,
    String.raw`(?<![\w.$])(?:import|require)\s*\(\s*(['"])(?<call>[^'"\n]+)\7\s*\)`,
    String.raw`(?<default>(?<![\w.$])export\s+default\b|\bas\s+default\b)`,
    String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"` + '|`(?:\\\\.|[^`\\\\])*`',
  ].join('|'),
  'g',
);

const namesAreTypes = (names: string): boolean =>
  names.startsWith('{') &&
  names
    .slice(1, -1)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .every((name) => name.startsWith('type '));

export const importsOf = (source: string): Import[] =>
  [...source.matchAll(token)].flatMap(({ groups = {} }): Import[] => {
    const { type, names = '', from, bare, call } = groups;
    if (from !== undefined) {
      return [{ specifier: from, typeOnly: type !== undefined || namesAreTypes(names), dynamic: false }];
    }
    if (bare !== undefined) return [{ specifier: bare, typeOnly: false, dynamic: false }];
    return call === undefined ? [] : [{ specifier: call, typeOnly: false, dynamic: true }];
  });

export const hasDefaultExport = (source: string): boolean =>
  [...source.matchAll(token)].some(
    ({ groups }) => groups?.['default'] !== undefined || /\bas\s+default\b/.test(groups?.['names'] ?? ''),
  );
