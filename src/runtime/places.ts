import { path, url } from './builtins.ts';
import { slashed } from './slashed.ts';
import { isReadable, lineOf, SourceFiles } from './places-files.ts';
import { shownPath } from './shown-path.ts';

/** A frame as V8 gave it. */
interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly fn: string;
}

interface Site {
  readonly frame: Frame;
  readonly inApp: boolean;
  readonly frames: readonly Frame[];
}

interface Place extends Frame {
  readonly text: string;
  readonly stack: string;
}

export interface PlacesOptions {
  /** What the paths of the app are relative to. */
  readonly appRoot: string;
  /** A second folder whose files are named from it on: a program that was installed runs what lies there. */
  readonly cwd?: string | undefined;
}

const maxPlaces = 512;
const maxStackFrames = 8;
const maxTextChars = 160;

/**
 * Finds the place of a site: source-mapped, its file named from the app's root or from `node_modules/` on, with the
 * text of its line. Reads files, so it is asked once a finding; never throws.
 */
export function placesOf({ appRoot, cwd }: PlacesOptions): (site: Site) => Place {
  const roots = [appRoot, cwd ?? appRoot].map((root) => `${slashed(root).replace(/\/$/, '')}/`);
  const places = new Map<Site, Place>();
  // the findings of one sweep share what they read; the next collection takes it
  let files = new WeakRef(new SourceFiles());
  return (site) => {
    let place = places.get(site);
    if (place === undefined) {
      const held = files.deref() ?? new SourceFiles();
      files = new WeakRef(held);
      if (places.size >= maxPlaces) places.clear();
      places.set(site, (place = placeOf(site, held, roots)));
    }
    return place;
  };
}

function placeOf(site: Site, files: SourceFiles, roots: readonly string[]): Place {
  try {
    return new PlaceReader(files, roots).placeOf(site);
  } catch {
    const frame = { ...site.frame, file: path.basename(site.frame.file) };
    return { ...frame, text: '', stack: stackLine(frame) };
  }
}

/** A frame in the words of the source that people read. */
interface ReadFrame extends Frame {
  /** Where its text is found. */
  readonly source: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly text: string | undefined;
  };
}

class PlaceReader {
  readonly #files: SourceFiles;
  readonly #roots: readonly string[];

  constructor(files: SourceFiles, roots: readonly string[]) {
    this.#files = files;
    this.#roots = roots;
  }

  placeOf(site: Site): Place {
    const kept = site.frames.slice(0, maxStackFrames);
    if (!kept.includes(site.frame)) kept.splice(maxStackFrames - 1, 1, site.frame);
    const frames = kept.map((frame) => this.#read(frame));
    const first = frames[kept.indexOf(site.frame)] ?? this.#read(site.frame);
    // in a bundle the line of a library looks like one of the app until it is mapped
    const named = site.inApp && isLibrary(first.file) ? (frames.find(({ file }) => !isLibrary(file)) ?? first) : first;
    const { file, line, column, fn } = named;
    return { file, line, column, fn, text: this.#textOf(named, site.frame), stack: frames.map(stackLine).join('\n') };
  }

  /** A library is named by its files as they were installed; so is a program whose sources were not installed with it. */
  #read(frame: Frame): ReadFrame {
    const file = shownPath(frame.file, this.#roots);
    const asItIs = { ...frame, file, source: { ...frame, text: undefined } };
    if (isLibrary(file)) return asItIs;
    const original = this.#files.originalOf(frame.file, frame.line, frame.column);
    if (original === undefined) return asItIs;
    const { line, column, content } = original;
    const source = original.source.startsWith('file:') ? url.fileURLToPath(original.source) : original.source;
    if (isLibrary(shownPath(frame.file, [])) && !isReadable(source)) return asItIs;
    return {
      file: shownPath(source, this.#roots),
      line,
      column,
      fn: frame.fn,
      source: { file: source, line, column, text: content },
    };
  }

  #textOf({ source }: ReadFrame, generated: Frame): string {
    const text = source.text ?? this.#files.textOf(source.file);
    return text === undefined
      ? shownText(this.#files.textOf(generated.file) ?? '', generated)
      : shownText(text, source);
  }
}

const isLibrary = (shown: string): boolean => shown.startsWith('node_modules/');

const stackLine = ({ fn, file, line, column }: Frame): string =>
  fn === '' ? `at ${file}:${line}:${column}` : `at ${fn} (${file}:${line}:${column})`;

/** The line, trimmed; of a long one (a bundle without a map) what stands at the column. */
function shownText(text: string, { line, column }: { readonly line: number; readonly column: number }): string {
  const whole = lineOf(text, line);
  const part = whole.length > maxTextChars ? whole.slice(Math.max(0, column - 1), column - 1 + maxTextChars) : whole;
  return part.trim();
}
