/** What a value must be: the words from which an option's type, its check, its zod schema and its text all come. */
export type Shape =
  | IntegerShape
  | NumberShape
  | ChoiceShape
  | TextShape
  | SecretShape
  | DateShape
  | ListShape
  | RecordShape;

/** Both bounds are included. */
interface IntegerShape {
  readonly type: 'integer';
  readonly min: number;
  readonly max: number;
}

/** Both bounds are included. */
interface NumberShape {
  readonly type: 'number';
  readonly min: number;
  readonly max: number;
}

interface ChoiceShape {
  readonly type: 'choice';
  readonly values: readonly string[];
  /** The rule in words, where the values are too many to be named. */
  readonly rule?: string;
}

/** Never empty. */
interface TextShape {
  readonly type: 'text';
  readonly maxLength: number;
}

/** Never empty, and never shown: neither whole nor in part. */
interface SecretShape {
  readonly type: 'secret';
  readonly maxLength: number;
  /** Whether it must be an http or https URL. */
  readonly isUrl: boolean;
}

interface DateShape {
  readonly type: 'date';
}

interface ListShape {
  readonly type: 'list';
  readonly of: Shape;
  readonly maxItems: number;
}

export interface RecordShape {
  readonly type: 'record';
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  /** At least one of these must be there. */
  readonly anyOf: readonly string[];
}

/** The TypeScript type of the values that obey a shape. */
export type ValueOf<S> = S extends { type: 'integer' | 'number' }
  ? number
  : S extends { type: 'choice'; values: readonly (infer V)[] }
    ? V
    : S extends { type: 'text' | 'secret' | 'date' }
      ? string
      : S extends { type: 'list'; of: infer I }
        ? readonly ValueOf<I>[]
        : S extends { type: 'record'; fields: infer F; required: readonly (infer R)[] }
          ? { readonly [K in keyof F]?: ValueOf<F[K]> | undefined } & {
              readonly [K in Extract<R, keyof F>]: ValueOf<F[K]>;
            }
          : never;

const quoted = (names: readonly string[], separator: string): string =>
  names.map((name) => `\`${name}\``).join(separator);

/** The rule as the end of a sentence: "Expected `x` to be …". */
export function ruleOf(shape: Shape): string {
  switch (shape.type) {
    case 'integer':
      return shape.max === Number.MAX_SAFE_INTEGER
        ? `an integer >= ${shape.min}`
        : `an integer from ${shape.min} to ${shape.max}`;
    case 'number':
      return `a number from ${shape.min} to ${shape.max}`;
    case 'choice':
      return shape.rule ?? `one of ${quoted(shape.values, ', ')}`;
    case 'text':
      return `a text of 1 to ${shape.maxLength} characters`;
    case 'secret':
      return `${shape.isUrl ? 'an http or https URL' : 'a text'} of at most ${shape.maxLength} characters`;
    case 'date':
      return 'a date such as 2030-01-31';
    case 'list':
      return `a list of at most ${shape.maxItems}, each ${ruleOf(shape.of)}`;
    case 'record':
      return `an object with ${quoted(shape.required, ', ')} and ${quoted(shape.anyOf, ' or ')}`;
  }
}

const isoDate = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$/;

export const isDate = (text: string): boolean => isoDate.test(text) && !Number.isNaN(Date.parse(text));

/** Stands in messages for what was given as a secret. */
export const hiddenText = '[hidden]';

export const isSecret = ({ maxLength, isUrl }: SecretShape, text: string): boolean =>
  text.length > 0 && text.length <= maxLength && (!isUrl || /^https?:$/.test(URL.parse(text)?.protocol ?? ''));

export const hasAnyOf = (shape: RecordShape, value: Readonly<Record<string, unknown>>): boolean =>
  shape.anyOf.some((field) => value[field] !== undefined);
