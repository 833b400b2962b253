import { shownValue } from './shown-value.ts';

/** What went wrong, for a program: stable, while messages may be reworded. */
export type OutliveErrorCode =
  | 'OUTLIVE_BAD_OPTION'
  | 'OUTLIVE_UNKNOWN_OPTION'
  | 'OUTLIVE_BAD_ARGUMENT'
  | 'OUTLIVE_ALREADY_STARTED';

export interface OutliveErrorDetails {
  /** The option or argument that is wrong: `sweepIntervalMs`, `ignore[0].until`. */
  readonly option?: string | undefined;
  /** What it must be: `an integer from 50 to 3600000`. */
  readonly rule?: string | undefined;
  /** What it was, as a short text that gives no secret away. */
  readonly value?: string | undefined;
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

/** The only error that outlive throws, and only at its own API: `start()` with a bad option, a second `start()`. */
export class OutliveError extends Error {
  override readonly name = 'OutliveError';
  readonly code: OutliveErrorCode;
  readonly option: string | undefined;
  readonly rule: string | undefined;
  readonly value: string | undefined;
  readonly remedy: string | undefined;

  constructor(code: OutliveErrorCode, problem: string, details: OutliveErrorDetails = {}) {
    super(details.remedy === undefined ? `${problem}.` : `${problem}. ${details.remedy}`);
    this.code = code;
    this.option = details.option;
    this.rule = details.rule;
    this.value = details.value;
    this.remedy = details.remedy;
  }
}

/** "Expected `name` to be a text …, got `-1` (number). …" */
export function brokenRule(
  code: 'OUTLIVE_BAD_OPTION' | 'OUTLIVE_BAD_ARGUMENT',
  breach: { readonly path: string; readonly rule: string; readonly value: unknown },
  remedy: string,
): OutliveError {
  const { path, rule } = breach;
  const value = shownValue(breach.value);
  return new OutliveError(code, `Expected \`${path}\` to be ${rule}, got ${value}`, {
    option: path,
    rule,
    value,
    remedy,
  });
}
