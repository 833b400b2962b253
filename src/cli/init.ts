import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.ts';
import { copyInto, type Copied } from './init/copy.ts';
import { isStarter, type Starter, starters } from './init/starters.ts';

const usage = `npx outlive init <what> [--into <folder>] [--force]

Copies out the configuration that outlive is tested with, to be changed at will.

${Object.entries(starters)
  .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`)
  .join('\n')}

  --into       the folder to write to (by default ./outlive; for ci the folder itself)
  --force      overwrite what is there

Exit code: 0 copied, 1 a file is there already and nothing was written, 2 wrongly called.
`;

export const init: Command = {
  summary: 'copy out a configuration: collector, prometheus, grafana, ci',
  usage,
  run(args, terminal) {
    const { name, starter, into, force } = argumentsOf(args);
    const copied = copyInto(starter, { folder: terminal.folder, into: into ?? starter.into, force });
    terminal[copied.written ? 'out' : 'err'](textOf(copied, name, starter));
    return Promise.resolve(copied.written ? 0 : 1);
  },
};

function textOf({ written, files }: Copied, name: string, { next }: Starter): string {
  const list = files.map((file) => `  ${file}\n`).join('');
  if (written) return `Wrote\n${list}\n${next}\n`;
  return `Nothing was written, these are there already:\n${list}\n  npx outlive init ${name} --force overwrites them.\n`;
}

function argumentsOf(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { into: { type: 'string' }, force: { type: 'boolean', default: false } },
    });
    const [name = '', ...more] = positionals;
    if (!isStarter(name) || more.length > 0) {
      throw new Error(`Expected one of ${Object.keys(starters).join(', ')}, got \`${positionals.join(' ')}\`.`);
    }
    return { name, starter: starters[name], ...values };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
