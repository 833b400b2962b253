import { parseArgs } from 'node:util';
import { type Command, type Terminal, UsageError } from './command.ts';
import { apiVersionCheck } from './doctor/api-version.ts';
import { canaryCheck } from './doctor/canary.ts';
import { type Check, checkText, verdictText } from './doctor/check.ts';
import { configurationCheck } from './doctor/configuration.ts';
import { exportChecks } from './doctor/export.ts';
import { nodeVersionCheck } from './doctor/node-version.ts';
import { sourceMapCheck } from './doctor/source-maps.ts';
import { yourAppCheck } from './doctor/your-app.ts';
import { outlivePackage } from './outlive-package.ts';

const usage = `npx outlive doctor [--json] [--timeout <seconds>] [-- <command>]

Checks the set-up in this folder with the environment as it is: Node.js, the configuration, @opentelemetry/api,
whether the endpoint takes telemetry, source maps. Then it plants a leak in a small app of its own, which must come
back as a finding at its line. With a command (\`-- node app.js\`) that is started with outlive too, for 10 seconds, and
what outlive says of it is shown: which provider it found and what it attached.

  --json       the checks as JSON
  --timeout    how long the planted leak may take to come back (30)

Exit code: 0 all is well (warnings aside), 1 something is not, 2 wrongly called.
`;

export const doctor: Command = {
  summary: 'check the set-up, and find a planted leak',
  usage,
  async run(args, terminal) {
    const { json, timeoutMs, command } = argumentsOf(args);
    const checks: Check[] = [];
    if (!json) terminal.out(`outlive doctor ${outlivePackage.version}\n\n`);
    for await (const check of checksOf(terminal, timeoutMs, command)) {
      checks.push(check);
      if (!json) terminal.out(checkText(check));
    }
    terminal.out(json ? `${JSON.stringify(checks, undefined, 2)}\n` : `\n${verdictText(checks)}\n`);
    return checks.some(({ status }) => status === 'failed') ? 1 : 0;
  },
};

async function* checksOf(terminal: Terminal, timeoutMs: number, command: readonly string[]): AsyncGenerator<Check> {
  const node = nodeVersionCheck(process.versions.node, outlivePackage.engines.node);
  yield node;
  // on an older Node.js the other checks would fail for that reason alone
  if (node.status === 'failed') return;
  yield configurationCheck(terminal);
  yield apiVersionCheck(terminal.folder);
  yield* await exportChecks(terminal.env);
  yield sourceMapCheck(terminal.folder);
  yield* canaryCheck(terminal.env, timeoutMs);
  if (command.length > 0) yield await yourAppCheck(command, terminal);
}

function argumentsOf(args: readonly string[]) {
  const separator = args.includes('--') ? args.indexOf('--') : args.length;
  try {
    const { values } = parseArgs({
      args: args.slice(0, separator),
      options: { json: { type: 'boolean', default: false }, timeout: { type: 'string', default: '30' } },
    });
    const timeoutMs = Number(values.timeout) * 1000;
    if (!(timeoutMs > 0)) throw new UsageError('--timeout takes a number of seconds above 0.');
    return { json: values.json, timeoutMs, command: args.slice(separator + 1) };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
