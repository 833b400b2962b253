import { isExpired } from '../../detect/ignore.ts';
import { resolvedConfig, type ResolvedConfig } from '../../sdk/config.ts';
import { optionNames, optionTable } from '../../sdk/config-table.ts';
import { groupsOf } from '../../sdk/hook-switches.ts';
import type { Terminal } from '../command.ts';
import type { Check } from './check.ts';

/** What holds in this folder and environment, and who said so. */
export function configurationCheck({ env, folder }: Pick<Terminal, 'env' | 'folder'>): Check {
  const warnings: string[] = [];
  const resolved = resolvedConfig({ env, folder, warn: (line) => warnings.push(line) });
  const { config } = resolved;
  if (config.tier === 'disabled') warnings.push('the tier is disabled: outlive attaches nothing');
  for (const rule of config.ignore.filter((ignore) => isExpired(ignore, Date.now()))) {
    warnings.push(`an ignore rule expired on ${rule.until}: "${rule.reason}"`);
  }
  return {
    title: 'Configuration',
    status: warnings.length > 0 ? 'warning' : 'ok',
    seen: `${config.tier}, a sweep every ${config.sweepIntervalMs} ms, ${config.context}, ${config.hooks.size} of ${groupsOf(['all']).size} hook groups`,
    more: [...settings(resolved), ...warnings],
    remedy: warnings.length > 0 ? 'docs/configuration.md has every option.' : undefined,
  };
}

const settings = ({ sources, fileName }: ResolvedConfig): string[] =>
  optionNames.flatMap((name) => {
    if (sources[name] === 'environment') return [`${name} is set by ${optionTable[name].env}`];
    return sources[name] === 'file' ? [`${name} is set by ${fileName}`] : [];
  });
