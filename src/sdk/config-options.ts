import { isRecord } from './config-check.ts';
import { meantOption } from './config-file.ts';
import { wrongOption } from './config-schema.ts';
import { type OptionName, type Options, optionTable } from './config-table.ts';
import { brokenRule, OutliveError } from './outlive-error.ts';
import { shownText } from './shown-value.ts';

/** @throws OutliveError where an option given in code is bad */
export function checkOptions(options: Options): void {
  if (isRecord(options) && Object.keys(options).length === 0) return;
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

function remedyOf(breachPath: string): string {
  const name = /^\w+/.exec(breachPath)?.[0] as OptionName;
  const option = optionTable[name];
  return option === undefined
    ? 'Give start() an object of options, or nothing.'
    : `Set it in start({ ${name} }), in outlive.config or by ${option.env}.`;
}
