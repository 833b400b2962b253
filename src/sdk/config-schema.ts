import type * as Zod from 'zod/mini';
import type { ZodMiniType } from 'zod/mini';
import type { Breach } from './config-check.ts';
import { hasAnyOf, hiddenText, isDate, isSecret, ruleOf } from './config-shape.ts';
import type { RecordShape, Shape } from './config-shape.ts';
import { isOptionName, optionTable } from './config-table.ts';
import { ownZod } from './zod.ts';

/**
 * The zod schema of what `start()` takes. zod is loaded here and not before, as `outlive/register` would add it to every
 * app's start; by `require`, as `start()` throws synchronously.
 */
export function optionsSchema(): ZodMiniType {
  const zod = ownZod();
  const fields = Object.entries(optionTable).map(
    ([name, shape]) => [name, zod.optional(schemaOf(shape, zod))] as const,
  );
  return zod.strictObject(Object.fromEntries(fields));
}

/** What is wrong with the options: the first broken rule, or the first name that is no option. */
export function wrongOption(options: unknown): Breach | { readonly unknown: string } | undefined {
  const { error } = optionsSchema().safeParse(options);
  const issue = error?.issues[0];
  if (issue === undefined) return undefined;
  const [name] = issue.path;
  if (issue.code === 'unrecognized_keys' && name === undefined) return { unknown: issue.keys[0] ?? '' };
  if (typeof name !== 'string' || !isOptionName(name)) return { path: 'options', rule: 'an object', value: options };
  const surplus = issue.code === 'unrecognized_keys' ? `, without \`${issue.keys[0]}\`` : '';
  return {
    path: pathText(issue.path),
    rule: issue.message + surplus,
    value: shownAt(options, issue.path, optionTable[name]),
  };
}

/** Each message is the rule itself. */
function schemaOf(shape: Shape, zod: typeof Zod): ZodMiniType {
  const error = ruleOf(shape);
  switch (shape.type) {
    case 'integer':
      return zod.int({ error }).check(zod.gte(shape.min, { error }), zod.lte(shape.max, { error }));
    case 'number':
      return zod.number({ error }).check(zod.gte(shape.min, { error }), zod.lte(shape.max, { error }));
    case 'choice':
      return zod.enum(shape.values, { error });
    case 'text':
      return zod.string({ error }).check(zod.minLength(1, { error }), zod.maxLength(shape.maxLength, { error }));
    case 'secret':
      return zod.string({ error }).check(zod.refine((text) => isSecret(shape, text), { error }));
    case 'date':
      return zod.string({ error }).check(zod.refine((text) => isDate(text), { error }));
    case 'list':
      return zod.array(schemaOf(shape.of, zod), { error }).check(zod.maxLength(shape.maxItems, { error }));
    case 'record':
      return recordSchemaOf(shape, zod);
  }
}

function recordSchemaOf(shape: RecordShape, zod: typeof Zod): ZodMiniType {
  const error = ruleOf(shape);
  const fields = Object.entries(shape.fields).map(([field, inner]) => {
    const schema = schemaOf(inner, zod);
    return [field, shape.required.includes(field) ? schema : zod.optional(schema)] as const;
  });
  return zod
    .strictObject(Object.fromEntries(fields), { error })
    .check(zod.refine((value) => hasAnyOf(shape, value), { error }));
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');

const shownAt = (options: unknown, path: readonly PropertyKey[], { type }: Shape): unknown =>
  type === 'secret' ? hiddenText : valueAt(options, path);

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part], value);
