#!/usr/bin/env node
import { nearestName } from '../sdk/nearest-name.ts';
import { type Command, type Terminal, UsageError } from './command.ts';
import { doctor } from './doctor.ts';
import { init } from './init.ts';
import { outlivePackage } from './outlive-package.ts';

const commands: Readonly<Record<string, Command>> = { doctor, init };

const help = `outlive ${outlivePackage.version}: finds what outlives its work in a Node.js service

  node --import outlive/register app.js   start an app with it

Commands
${Object.entries(commands)
  .map(([name, { summary }]) => `  npx outlive ${name.padEnd(24)} ${summary}`)
  .join('\n')}

  npx outlive <command> --help            what a command takes
  npx outlive --version
`;

async function exitCodeOf(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') return said(`${outlivePackage.version}\n`, terminal);
  if (name === '--help' || name === '-h' || name === 'help') return said(help, terminal);
  if (name === undefined) throw new UsageError(`No command given.\n\n${help}`);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`Unknown command \`${name}\`.${meant(name)}`);
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (own.includes('--help') || own.includes('-h')) return said(command.usage, terminal);
  return await command.run(rest, terminal);
}

function said(text: string, { out }: Terminal): number {
  out(text);
  return 0;
}

function meant(name: string): string {
  const nearest = nearestName(name, Object.keys(commands));
  return nearest === undefined ? ' `npx outlive --help` lists them all.' : ` Did you mean \`npx outlive ${nearest}\`?`;
}

const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  folder: process.cwd(),
};

try {
  process.exitCode = await exitCodeOf(process.argv.slice(2), terminal);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  terminal.err(`${error.message.trimEnd()}\n`);
  process.exitCode = 2;
}
