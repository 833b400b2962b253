import { libraryOf } from './library.ts';
import type { Frame, Site } from './site.ts';

/** Tells whose code a file is. */
export interface Ownership {
  isApp(file: string): boolean;
  isOutlive(file: string): boolean;
}

const keptFrames = 8;

/** Interns sites; at most `maxSites`, what came later is counted in `dropped` and has no site. */
export class SiteTable {
  readonly #ownership: Ownership;
  readonly #maxSites: number;
  readonly #sites = new Map<string, Site>();
  dropped = 0;

  constructor(ownership: Ownership, maxSites = 10_000) {
    this.#ownership = ownership;
    this.#maxSites = maxSites;
  }

  get size(): number {
    return this.#sites.size;
  }

  /**
   * The site of a stack, innermost frame first: its first app frame, else its innermost frame outside outlive.
   *
   * @param opens what is opened there: one line opens things of several sorts, each through libraries of its own
   */
  siteOf(stack: readonly Frame[], opens = ''): Site | null {
    const frames = stack.filter((frame) => !this.#ownership.isOutlive(frame.file));
    const ofApp = frames.find((frame) => this.#ownership.isApp(frame.file));
    const frame = ofApp ?? frames[0];
    if (frame === undefined) return null;
    return this.#interned(frame, opens, () => ({
      inApp: ofApp !== undefined,
      frames: frames.slice(0, keptFrames),
      libraries: librariesOf(ofApp === undefined ? frames : frames.slice(0, frames.indexOf(ofApp))),
    }));
  }

  /**
   * The same place, for a thing of another sort that is opened on its behalf.
   *
   * @param openedAt the line that opens it, where that is known
   */
  siteAt({ frame, inApp, frames, libraries }: Site, opens: string, openedAt?: Frame): Site | null {
    return this.#interned(frame, opens, () => ({
      inApp,
      frames,
      libraries,
      ...(openedAt === undefined ? {} : { openedAt }),
    }));
  }

  #interned(frame: Frame, opens: string, about: () => Omit<Site, 'id' | 'frame' | 'captures'>): Site | null {
    const key = `${frame.file}:${frame.line}:${frame.column} ${opens}`;
    let site = this.#sites.get(key);
    if (site === undefined) {
      if (this.#sites.size >= this.#maxSites) {
        this.dropped++;
        return null;
      }
      site = { id: this.#sites.size + 1, frame, ...about(), captures: 0 };
      this.#sites.set(key, site);
    }
    site.captures++;
    return site;
  }
}

const librariesOf = (frames: readonly Frame[]): string[] => [
  ...new Set(frames.map(({ file }) => libraryOf(file)).filter((library) => library !== '')),
];
