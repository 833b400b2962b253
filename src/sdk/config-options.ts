import { breachOf, isRecord } from './config-check.ts';
import { meantOption } from './config-file.ts';
import { wrongOption } from './config-schema.ts';
import { isOptionName, type OptionName, type Options, optionTable } from './config-table.ts';
import { brokenRule, OutliveError } from './outlive-error.ts';
import { shownText } from './shown-value.ts';

/** @throws OutliveError where an option given in code is bad */
export function checkOptions(options: Options): void {
  if (obeyAll(options)) return;
  const wrong = wrongOption(options);
  if (wrong === undefined) return;
  if ('unknown' in wrong) {
    const { unknown: option } = wrong;
    throw new OutliveError('OUTLIVE_UNKNOWN_OPTION', `Unknown option ${shownText(option)}`, {
      option,
      remedy: meantOption(option) ?? 'docs/configuration.md has them all.',
    });
  }
  throw brokenRule('OUTLIVE_BAD_OPTION', wrong, remedyOf(wrong.path));
}

/** By hand, as zod says it: that holds the event loop up for 50 ms of CPU to load, so it is asked only what is wrong. */
function obeyAll(options: unknown): boolean {
  if (!isRecord(options)) return false;
  // inherited ones too, as they are read
  for (const name in options) {
    const value = options[name];
    if (!isOptionName(name)) return false;
    if (value !== undefined && breachOf(optionTable[name], value, name) !== undefined) return false;
  }
  return true;
}

function remedyOf(breachPath: string): string {
  const name = /^\w+/.exec(breachPath)?.[0] as OptionName;
  const option = optionTable[name];
  return option === undefined
    ? 'Give start() an object of options, or nothing.'
    : `Set it in start({ ${name} }), in outlive.config or by ${option.env}.`;
}
