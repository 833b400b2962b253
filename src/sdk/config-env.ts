import { breachOf } from './config-check.ts';
import type { Shape } from './config-shape.ts';
import { optionNames, optionTable } from './config-table.ts';
import type { OptionName, Options } from './config-table.ts';
import { nearestName } from './nearest-name.ts';
import { shownText, shownValue } from './shown-value.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Takes one line that a person should read; where it goes is the caller's. */
export type Warn = (line: string) => void;

/** What the `OUTLIVE_*` variables say. A bad value is warned of and left out: production boots. */
export function optionsFromEnv(env: Env, warn: Warn): Options {
  const found: Partial<Record<OptionName, unknown>> = {};
  for (const name of optionNames) {
    const option = optionTable[name];
    const text = env[option.env]?.trim();
    if (text === undefined || text === '') continue;
    const value = valueFrom(text, option);
    const breach = breachOf(option, value, option.env);
    if (breach === undefined) found[name] = value;
    else warn(`${breach.path}: expected ${breach.rule}, got ${shownValue(breach.value)}; the variable is ignored`);
  }
  warnOfMisspelled(env, warn);
  return found as Options;
}

/** Reads a text as the shape wants it; what cannot be read so is handed on as it is, for the check to refuse. */
function valueFrom(text: string, shape: Shape): unknown {
  switch (shape.type) {
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : text;
    case 'number':
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case 'choice':
      return shape.values.find((value) => value.toLowerCase() === text.toLowerCase()) ?? text;
    case 'list':
      return shape.of.type === 'record' ? parsedJson(text) : listFrom(text, shape.of);
    case 'record':
      return parsedJson(text);
    default:
      return text;
  }
}

const listFrom = (text: string, of: Shape): unknown[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => valueFrom(item, of));

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Only what is near to a name of ours: other programs may use the prefix too. */
function warnOfMisspelled(env: Env, warn: Warn): void {
  const names = optionNames.map((name) => optionTable[name].env);
  for (const key of Object.keys(env)) {
    if (!key.startsWith('OUTLIVE_') || names.some((name) => name === key)) continue;
    const meant = nearestName(
      key.slice('OUTLIVE_'.length),
      names.map((name) => name.slice('OUTLIVE_'.length)),
    );
    if (meant !== undefined) warn(`${shownText(key)} is not a variable of outlive. Did you mean \`OUTLIVE_${meant}\`?`);
  }
}
