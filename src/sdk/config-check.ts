import { hasAnyOf, hiddenText, isDate, isSecret, ruleOf } from './config-shape.ts';
import type { RecordShape, Shape } from './config-shape.ts';

/** Where a value breaks its rule: `ignore[0].until`. */
export interface Breach {
  readonly path: string;
  readonly rule: string;
  readonly value: unknown;
}

/**
 * Checks by hand what the zod schema checks too: zod costs 50 ms of CPU to load, and the environment and the config
 * file are read before the app's first line.
 */
export function breachOf(shape: Shape, value: unknown, path: string): Breach | undefined {
  switch (shape.type) {
    case 'list':
      if (!Array.isArray(value) || value.length > shape.maxItems) return { path, rule: ruleOf(shape), value };
      return firstOf(value.entries(), ([index, item]) => breachOf(shape.of, item, `${path}[${index}]`));
    case 'record':
      return breachOfRecord(shape, value, path);
    case 'secret':
      return typeof value === 'string' && isSecret(shape, value)
        ? undefined
        : { path, rule: ruleOf(shape), value: hiddenText };
    default:
      return obeys(shape, value) ? undefined : { path, rule: ruleOf(shape), value };
  }
}

function obeys(shape: Exclude<Shape, { type: 'list' | 'record' | 'secret' }>, value: unknown): boolean {
  switch (shape.type) {
    case 'integer':
      return Number.isSafeInteger(value) && Number(value) >= shape.min && Number(value) <= shape.max;
    case 'number':
      return typeof value === 'number' && value >= shape.min && value <= shape.max;
    case 'choice':
      return typeof value === 'string' && shape.values.includes(value);
    case 'text':
      return typeof value === 'string' && value.length > 0 && value.length <= shape.maxLength;
    case 'date':
      return typeof value === 'string' && isDate(value);
  }
}

function breachOfRecord(shape: RecordShape, value: unknown, path: string): Breach | undefined {
  if (!isRecord(value)) return { path, rule: ruleOf(shape), value };
  const unknown = Object.keys(value).find((field) => !Object.hasOwn(shape.fields, field));
  if (unknown !== undefined) return { path, rule: `${ruleOf(shape)}, without \`${unknown}\``, value };
  const breach = firstOf(Object.entries(shape.fields), ([field, inner]) =>
    value[field] === undefined && !shape.required.includes(field)
      ? undefined
      : breachOf(inner, value[field], `${path}.${field}`),
  );
  return breach ?? (hasAnyOf(shape, value) ? undefined : { path, rule: ruleOf(shape), value });
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function firstOf<T>(items: Iterable<T>, breachIn: (item: T) => Breach | undefined): Breach | undefined {
  for (const item of items) {
    const breach = breachIn(item);
    if (breach) return breach;
  }
  return undefined;
}
