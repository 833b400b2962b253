/** One frame of a call stack, as V8 gave it: not source-mapped, its path a file path or `file:` URL turned into a path. */
export interface Frame {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** `''` for top-level and anonymous functions. */
  readonly fn: string;
}

/**
 * The line of the app that opened something. Interned: one object a place, held by every lifetime that was opened there.
 * Made of numbers and strings only: no stack object is ever kept.
 */
export interface Site {
  readonly id: number;
  /** The first frame in the app's own code or, where no app frame was on the stack, the innermost frame outside Node. */
  readonly frame: Frame;
  /** Whether `frame` lies in the app's own code. */
  readonly inApp: boolean;
  /** Up to 8 frames outside Node and outlive, innermost first. */
  readonly frames: readonly Frame[];
  /** Where the library really opened it, if `frame` is only the call that caused it in the same scope. */
  readonly openedAt?: Frame;
  /** Packages between the thing and the app's line, innermost first: `pg`, `@redis/client`. All on the stack where no line of the app is. */
  readonly libraries: readonly string[];
  /** How often a lifetime was seen to open here: a count of captures, so a sample unless the type is suspect. */
  captures: number;
}
