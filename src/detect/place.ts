import type { Site } from '../lifetime/site.ts';

/** A site in the words of the source that people read: source-mapped, relative to the app. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly fn: string;
  /** The text of that source line, trimmed; `''` where it cannot be read. */
  readonly text: string;
  readonly stack: string;
}

/** Finds the place of a site; may read files, so it is asked once a finding. */
export type PlaceOf = (site: Site) => Place;
