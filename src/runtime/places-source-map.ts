import { module, url } from './builtins.ts';

/** Where a generated position comes from. */
export interface Original {
  /** An absolute URL or path, as the map says. */
  readonly source: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** The whole text of the source, where the map carries it. */
  readonly content: string | undefined;
}

/** A source map as its file has it (ECMA-426), unchecked. */
interface Payload {
  readonly mappings?: unknown;
  readonly sources?: unknown;
  readonly sourcesContent?: unknown;
  readonly sourceRoot?: unknown;
  readonly sections?: unknown;
}

/** Asks Node, which knows the maps of what it loaded when it runs with `--enable-source-maps` or a loader that wants them. */
export function originalByNode(file: string, line: number, column: number): Original | undefined {
  const map = module.findSourceMap(file);
  const entry = map?.findEntry(line - 1, column - 1);
  // Node answers with the last mapping before the position, be it of an earlier line
  if (map === undefined || entry === undefined || !('originalSource' in entry)) return undefined;
  if (entry.generatedLine !== line - 1) return undefined;
  const { sources, sourcesContent } = map.payload;
  return {
    source: entry.originalSource,
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
    content: textOrNothing(sourcesContent?.[sources.indexOf(entry.originalSource)]),
  };
}

/**
 * Looks a position up in a parsed map. `node:module`'s `SourceMap` makes an object of each mapping: 35–64 ms and
 * 20–25 MB of heap for 1 MB of mappings. A walk over the text takes a third of that, once a map, and keeps a line's figures only.
 *
 * @param base the file that the map's sources are relative to
 */
export function originalIn(map: unknown, base: string, line: number, column: number): Original | undefined {
  if (typeof map !== 'object' || map === null) return undefined;
  const payload: Payload = map;
  if (Array.isArray(payload.sections)) return originalInSection(payload.sections, base, line, column);
  const { mappings, sources, sourcesContent } = payload;
  if (typeof mappings !== 'string' || !Array.isArray(sources)) return undefined;
  let index = indices.get(payload);
  if (index === undefined) indices.set(payload, (index = new Mappings(mappings)));
  const mapping = index.at(line - 1, column - 1);
  const source: unknown = mapping === undefined ? undefined : sources[mapping.source];
  if (mapping?.mapped !== true || typeof source !== 'string') return undefined;
  return {
    source: resolved(source, typeof payload.sourceRoot === 'string' ? payload.sourceRoot : '', base),
    line: mapping.line + 1,
    column: mapping.column + 1,
    content: Array.isArray(sourcesContent) ? textOrNothing(sourcesContent[mapping.source]) : undefined,
  };
}

interface Section {
  readonly offset?: { readonly line?: number; readonly column?: number };
  readonly map?: unknown;
}

/** A map made of maps, one for each part of the generated file. */
function originalInSection(sections: Section[], base: string, line: number, column: number): Original | undefined {
  for (const { offset, map } of sections.toReversed()) {
    const first = (offset?.line ?? 0) + 1;
    const indent = offset?.column ?? 0;
    if (line < first || (line === first && column <= indent)) continue;
    return originalIn(map, base, line - first + 1, line === first ? column - indent : column);
  }
  return undefined;
}

const indices = new WeakMap<Payload, Mappings>();

const [comma, semicolon] = [44, 59];
const digits = new Map(
  Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (digit, value) => [
    digit.charCodeAt(0),
    value,
  ]),
);
const valueOf = Int8Array.from({ length: 128 }, (_, code) => digits.get(code) ?? -1);

/** One mapping; all is 0-based. Its figures are written as differences to the mapping before, over lines as well. */
interface Mapping {
  readonly mapped: boolean;
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

const figuresALine = 4;

/** A mappings text with the running figures at the beginning of each of its lines. */
class Mappings {
  readonly #numbers: Numbers;
  /** Of each line: where it begins in the text; source, line and column there. */
  readonly #lines: number[] = [];

  constructor(text: string) {
    const numbers = (this.#numbers = new Numbers(text));
    let [source, line, column] = [0, 0, 0];
    do {
      this.#lines.push(numbers.at, source, line, column);
      for (;;) {
        if (numbers.skip(comma)) continue;
        if (numbers.next() === undefined) break;
        source += numbers.next() ?? 0;
        line += numbers.next() ?? 0;
        column += numbers.next() ?? 0;
        numbers.next();
      }
    } while (numbers.skip(semicolon));
  }

  /** The last mapping on the line that begins at or before the column. A mapping of a single figure maps to nothing. */
  at(generatedLine: number, generatedColumn: number): Mapping | undefined {
    const numbers = this.#numbers;
    const first = figuresALine * generatedLine;
    const [at, ...figures] = this.#lines.slice(first, first + figuresALine);
    if (at === undefined) return undefined;
    numbers.at = at;
    let [source = 0, line = 0, column = 0] = figures;
    let found: Mapping | undefined;
    for (let begins = 0; ;) {
      if (numbers.skip(comma)) continue;
      begins += numbers.next() ?? Infinity;
      if (begins > generatedColumn) return found;
      const sourceStep = numbers.next();
      source += sourceStep ?? 0;
      line += numbers.next() ?? 0;
      column += numbers.next() ?? 0;
      numbers.next();
      found = { mapped: sourceStep !== undefined, source, line, column };
    }
  }
}

/** Reads the base64 VLQ numbers of a mappings text one by one. */
class Numbers {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skip(code: number): boolean {
    if (this.#text.charCodeAt(this.at) !== code) return false;
    this.at++;
    return true;
  }

  /** `undefined` where no number stands. */
  next(): number | undefined {
    let value = 0;
    for (let shift = 0; ; shift += 5) {
      const digit = valueOf[this.#text.charCodeAt(this.at)] ?? -1;
      if (digit < 0) return undefined;
      this.at++;
      value += (digit & 31) << shift;
      if (digit < 32) return value & 1 ? -(value >> 1) : value >> 1;
    }
  }
}

function resolved(source: string, root: string, base: string): string {
  const path = root === '' ? source : `${root.replace(/\/$/, '')}/${source}`;
  return URL.canParse(path) ? path : new URL(path, url.pathToFileURL(base)).href;
}

const textOrNothing = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
