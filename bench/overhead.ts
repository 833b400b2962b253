// `npm run bench:overhead`: what outlive costs, beside bare Node, OTel's HTTP instrumentation and cls-hooked.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeBinary } from '../.ci/node-binary.ts';
import { type AppName, appNames } from './overhead/apps.ts';
import { measureRequests, type RequestFigures } from './overhead/measure-requests.ts';
import { measureStartUp, type StartUpFigures } from './overhead/measure-start-up.ts';
import { requestTable, startUpTable } from './overhead/results.ts';
import { type SetupName, setupNames } from './overhead/setups.ts';
import { startSurroundings } from './overhead/surroundings.ts';
import { takenNote, writeSection } from './results-page.ts';

const usage = `npm run bench:overhead -- [options]
  --nodes 22,24,26     Node versions, fetched by npx where they are not at hand (default: this one); with options of Node's behind
                       one, '22 --experimental-async-context-frame', bare and every set-up run with them
  --node PATH          a Node binary, instead of --nodes
  --apps ${appNames.join(',')}
  --setups ${setupNames.join(',')}
  --pairs N            rounds: each gives one pair of a set-up and bare (default 10; 0 leaves requests out)
  --requests N         requests a round for the hello app; the others take a share of it (default 16000: what differs is one process from
                       the next, so more rounds tell more than more requests)
  --starts N           starts of each set-up (default 15; 0 leaves start-up out)
  --write              put the tables into bench/RESULTS.md`;

const { values } = parseArgs({
  options: {
    nodes: { type: 'string' },
    node: { type: 'string' },
    apps: { type: 'string', default: appNames.join(',') },
    setups: { type: 'string', default: 'outlive,otel-http,cls-hooked' },
    pairs: { type: 'string', default: '10' },
    requests: { type: 'string', default: '16000' },
    starts: { type: 'string', default: '15' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const chosen = <Name extends string>(list: string, known: readonly Name[], what: string): Name[] =>
  list.split(',').map((name) => {
    const match = known.find((candidate) => candidate === name);
    if (match === undefined) throw new Error(`No ${what} is named '${name}'; there are ${known.join(', ')}`);
    return match;
  });

/** What is only compared with has a lockfile of its own and is installed at the first run. */
const installComparisons = (): void => {
  if (existsSync(join(import.meta.dirname, 'node_modules'))) return;
  const { status } = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('`npm ci` in bench/ failed');
};

const versionOf = (binary: string): string =>
  spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1);

const main = async (): Promise<void> => {
  if (values.help) return console.log(usage);
  installComparisons();
  const apps: AppName[] = chosen(values.apps, appNames, 'app');
  const setups: SetupName[] = chosen(values.setups, setupNames, 'set-up').filter((name) => name !== 'bare');
  const chosenNodes =
    values.node === undefined
      ? (values.nodes ?? process.versions.node).split(',').map((entry) => {
          const [version = '', ...flags] = entry.trim().split(/ +/);
          return { binary: nodeBinary(version), flags };
        })
      : [{ binary: values.node, flags: [] }];
  const [pairs, requests, starts] = [Number(values.pairs), Number(values.requests), Number(values.starts)];

  const requestFigures: RequestFigures[] = [];
  const startUpFigures: StartUpFigures[] = [];
  await using surroundings = await startSurroundings();
  for (const { binary, flags } of chosenNodes) {
    const node = [versionOf(binary), ...flags].join(' ');
    const on = { binary, flags, node, setups, surroundings };
    if (starts > 0) startUpFigures.push(...(await measureStartUp({ ...on, starts })));
    for (const app of pairs > 0 ? apps : []) {
      console.error(
        `bench: ${app} on Node ${node}, ${pairs} pairs, ${Math.round(performance.now() / 1000)} s so far …`,
      );
      requestFigures.push(...(await measureRequests({ ...on, app, pairs, requests })));
      console.error(requestTable(requestFigures.filter((figures) => figures.app === app && figures.node === node)));
    }
  }

  const text = [
    '## What outlive costs',
    `\`npm run bench:overhead\`. ${takenNote()} Each figure is a mean over pairs of a set-up and bare Node that ran side by side, with its 95 % interval.`,
    ...(requestFigures.length > 0 ? [`### A request (${pairs} pairs)`, requestTable(requestFigures)] : []),
    ...(startUpFigures.length > 0 ? [`### Start-up (${starts} pairs)`, startUpTable(startUpFigures)] : []),
  ].join('\n\n');
  console.log(text);
  if (values.write) writeSection('overhead', text);
};

await main();
