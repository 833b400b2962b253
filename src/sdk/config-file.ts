import { fs, module, path } from '../runtime/builtins.ts';
import { breachOf, isRecord } from './config-check.ts';
import type { Warn } from './config-env.ts';
import { isOptionName, optionNames, optionTable } from './config-table.ts';
import type { OptionName, Options } from './config-table.ts';
import { nearestName } from './nearest-name.ts';
import { shownText, shownValue } from './shown-value.ts';

export interface ConfigFile {
  /** `outlive.config.json` */
  readonly name: string;
  readonly options: Options;
}

const fileNames = ['outlive.config.json', 'outlive.config.mjs', 'outlive.config.ts'];

/**
 * Reads the config file of a folder: the first of `outlive.config.{json,mjs,ts}` that is there. Synchronously, so that
 * what it says holds from the app's first line on. What is wrong in it is warned of and left out: production boots.
 */
export function readConfigFile(folder: string, warn: Warn): ConfigFile | undefined {
  const [name, ...others] = fileNames.filter((file) => fs.existsSync(`${folder}${path.sep}${file}`));
  if (name === undefined) return undefined;
  if (others.length > 0) warn(`${name} is read, ${others.join(' and ')} beside it is not`);
  try {
    return { name, options: sortedOut(contentOf(path.join(folder, name)), name, warn) };
  } catch (error) {
    warn(`${name} is ignored, it cannot be loaded: ${reasonOf(error)}`);
    return undefined;
  }
}

function contentOf(file: string): unknown {
  if (file.endsWith('.json')) return JSON.parse(fs.readFileSync(file, 'utf8'));
  const exported: unknown = module.createRequire(file)(file);
  return isRecord(exported) && 'default' in exported ? exported.default : undefined;
}

function sortedOut(content: unknown, fileName: string, warn: Warn): Options {
  if (!isRecord(content)) {
    warn(`${fileName} is ignored: expected ${fileName.endsWith('.json') ? '' : 'its default export to be '}an object`);
    return {};
  }
  const found: Partial<Record<OptionName, unknown>> = {};
  for (const [name, value] of Object.entries(content)) {
    if (value === undefined || name === '$schema') continue;
    if (!isOptionName(name))
      warn(`${fileName}: unknown option ${shownText(name)}. ${meantOption(name) ?? 'It is ignored.'}`);
    else {
      const breach = breachOf(optionTable[name], value, name);
      if (breach === undefined) found[name] = value;
      else warn(`${fileName}: ${breach.path}: expected ${breach.rule}, got ${shownValue(breach.value)}; it is ignored`);
    }
  }
  return found as Options;
}

/** "Did you mean `sweepIntervalMs`?" */
export function meantOption(name: string): string | undefined {
  const meant = nearestName(name, optionNames);
  return meant === undefined ? undefined : `Did you mean \`${meant}\`?`;
}

/** Errors of the loader name the file by its whole path over several lines; the code says enough for those we know. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_REQUIRE_ASYNC_MODULE') return 'it has a top-level `await`, and it must load at once';
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return 'TypeScript needs Node.js 22.18; use outlive.config.mjs';
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}
