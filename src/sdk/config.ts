import { path } from '../runtime/builtins.ts';
import { isRecord } from './config-check.ts';
import { optionsFromEnv } from './config-env.ts';
import type { Warn } from './config-env.ts';
import { meantOption, readConfigFile } from './config-file.ts';
import { wrongOption } from './config-schema.ts';
import { defaultOf, optionNames, optionTable } from './config-table.ts';
import type { Config, OptionName, Options, Tier } from './config-table.ts';
import { groupsOf } from './hook-switches.ts';
import { brokenRule, OutliveError, shownText } from './outlive-error.ts';

export type Source = 'environment' | 'code' | 'file' | 'default';

export interface ResolvedConfig {
  readonly config: Config;
  /** Who had the last word on each option. */
  readonly sources: Readonly<Record<OptionName, Source>>;
  /** The name of the config file that was read. */
  readonly fileName: string | undefined;
}

export interface ConfigInputs {
  /** What `start()` was given. */
  readonly options?: Options | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the config file is looked for and what `appRoot` is relative to; `undefined` where there is no such folder. */
  readonly folder: string | undefined;
  readonly warn: Warn;
}

/**
 * The configuration that holds: environment before code before file before default, for each option by itself.
 *
 * @throws OutliveError where an option given in code is bad. Bad variables and bad files are warned of and left out.
 */
export function resolvedConfig({ options = {}, env, folder, warn }: ConfigInputs): ResolvedConfig {
  checkOptions(options);
  const file = folder === undefined ? undefined : readConfigFile(folder, warn);
  const layers: readonly Layer[] = [
    ['environment', optionsFromEnv(env, warn)],
    ['code', options],
    ['file', file?.options ?? {}],
  ];
  const tier = layers.find(([, layer]) => layer.tier !== undefined)?.[1].tier ?? 'production';
  const values = Object.fromEntries(optionNames.map((name) => [name, heldValue(name, layers, tier)])) as Options;
  const sources = Object.fromEntries(optionNames.map((name) => [name, sourceOf(name, layers)]));
  return {
    config: { ...values, ...finished(values, tier, layers, folder) } as Config,
    sources: sources as Record<OptionName, Source>,
    fileName: file?.name,
  };
}

type Layer = readonly [Source, Options];

const sourceOf = (name: OptionName, layers: readonly Layer[]): Source =>
  layers.find(([, layer]) => layer[name] !== undefined)?.[0] ?? 'default';

const heldValue = (name: OptionName, layers: readonly Layer[], tier: Tier): unknown =>
  layers.find(([, layer]) => layer[name] !== undefined)?.[1][name] ?? defaultOf(name, tier);

/** The options whose value in use is not what is written. */
const finished = (values: Options, tier: Tier, layers: readonly Layer[], folder: string | undefined) => ({
  hooks: groupsOf(tier === 'disabled' ? ['none'] : (values.hooks ?? ['all'])),
  ignore: layers.flatMap(([, layer]) => layer.ignore ?? []),
  appRoot: inFolder(values.appRoot, folder),
  memoryStateFile: inFolder(values.memoryStateFile, folder),
  alertClaimFolder: inFolder(values.alertClaimFolder, folder),
});

const inFolder = (file: string | undefined, folder: string | undefined): string | undefined =>
  file === undefined ? undefined : path.resolve(folder ?? '', file);

function checkOptions(options: Options): void {
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
