import { path } from '../runtime/builtins.ts';
import { optionsFromEnv } from './config-env.ts';
import type { Warn } from './config-env.ts';
import { readConfigFile } from './config-file.ts';
import { defaultOf, optionNames } from './config-table.ts';
import type { Config, OptionName, Options, Tier } from './config-table.ts';
import { groupsOf } from './hook-switches.ts';

export type Source = 'environment' | 'code' | 'file' | 'default';

export interface ResolvedConfig {
  readonly config: Config;
  /** Who had the last word on each option. */
  readonly sources: Readonly<Record<OptionName, Source>>;
  /** The name of the config file that was read. */
  readonly fileName: string | undefined;
}

export interface ConfigInputs {
  /** What `start()` was given, checked. */
  readonly options?: Options | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the config file is looked for and what `appRoot` is relative to; `undefined` where there is no such folder. */
  readonly folder: string | undefined;
  readonly warn: Warn;
}

/**
 * The configuration that holds: environment before code before file before default, for each option by itself.
 * Bad variables and bad files are warned of and left out.
 */
export function resolvedConfig({ options = {}, env, folder, warn }: ConfigInputs): ResolvedConfig {
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
