import { fs, path } from './builtins.ts';
import { type Original, originalByNode, originalIn } from './places-source-map.ts';

// Node's own functions, taken before the app can replace them by a file system of its own
const { readFileSync, statSync } = fs;

/** Larger files are not looked into. */
const maxFileBytes = 16 * 1024 * 1024;
const maxFiles = 32;

interface FoundMap {
  /** The parsed JSON, unchecked. */
  readonly map: unknown;
  /** The file that the map's sources are relative to. */
  readonly base: string;
}

/** The files that some findings need, each read once. */
export class SourceFiles {
  readonly #texts = new Map<string, string | undefined>();
  readonly #maps = new Map<string, FoundMap | undefined>();

  /** Where a position was before it was compiled: by the maps Node holds, else by the one the file itself names. */
  originalOf(file: string, line: number, column: number): Original | undefined {
    const byNode = attempt(() => originalByNode(file, line, column));
    if (byNode !== undefined) return byNode;
    const found = this.#mapOf(file);
    return found && attempt(() => originalIn(found.map, found.base, line, column));
  }

  /** The text of a file, `undefined` where it is none, too large or not there. */
  textOf(file: string): string | undefined {
    if (this.#texts.has(file)) return this.#texts.get(file);
    const text = this.#texts.size < maxFiles && path.isAbsolute(file) ? attempt(() => boundedText(file)) : undefined;
    this.#texts.set(file, text);
    return text;
  }

  #mapOf(file: string): FoundMap | undefined {
    if (this.#maps.has(file)) return this.#maps.get(file);
    const found = attempt(() => this.#readMapOf(file));
    this.#maps.set(file, found);
    return found;
  }

  #readMapOf(file: string): FoundMap | undefined {
    const url = mapUrlIn(this.textOf(file) ?? '');
    if (url === undefined) return undefined;
    if (url.startsWith('data:')) return { map: parsedMap(dataOf(url)), base: file };
    const base = path.resolve(path.dirname(file), decodeURIComponent(url));
    const text = this.textOf(base);
    return text === undefined ? undefined : { map: parsedMap(text), base };
  }
}

/** Whether a file can be opened where the process runs. */
export const isReadable = (file: string): boolean => attempt(() => statSync(file).isFile()) === true;

/** The text of a line of a text, 1-based; `''` where there is none. */
export function lineOf(text: string, line: number): string {
  let start = 0;
  for (let n = 1; n < line; n++) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return '';
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? undefined : end);
}

/** A pipe or a device would block the process: files only. */
function boundedText(file: string): string | undefined {
  const stats = statSync(file);
  return stats.isFile() && stats.size <= maxFileBytes ? readFileSync(file, 'utf8') : undefined;
}

const comment = '//# sourceMappingURL=';

/** What the last such comment names; a map elsewhere on the network is nobody's to fetch. */
function mapUrlIn(text: string): string | undefined {
  const at = text.lastIndexOf(comment);
  if (at < 0) return undefined;
  const end = text.indexOf('\n', at);
  const url = text.slice(at + comment.length, end < 0 ? undefined : end).trim();
  return url === '' || /^(?!data:)[A-Za-z][\w+.-]+:/.test(url) ? undefined : url;
}

function dataOf(url: string): string {
  const at = url.indexOf(',');
  const body = url.slice(at + 1);
  return url.slice(0, at).endsWith(';base64') ? Buffer.from(body, 'base64').toString() : decodeURIComponent(body);
}

/** Some servers put `)]}'` before a map, so that it is no script. */
const parsedMap = (text: string): unknown => JSON.parse(text.replace(/^\)\]\}[^\n]*\n/, '')) as unknown;

/** What `look` finds; nothing where it cannot: a place is told as well as it can be, never at the cost of the host. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
