// `npm run bench:survivors`: what an open lifetime costs in memory, and how long a sweep holds the event loop.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { nodeBinary } from '../.ci/node-binary.ts';
import { type Interval, intervalOf, quantileOf } from './interval.ts';
import { table, withInterval } from './table.ts';
import { takenNote, writeSection } from './results-page.ts';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: process.versions.node },
    pairs: { type: 'string', default: '5' },
    sweeps: { type: 'string', default: '200' },
    write: { type: 'boolean', default: false },
  },
});

const stops = [0, 5_000, 25_000, 50_000];
const sweepIntervalMs = 60;
const register = new URL('../dist/src/register.js', import.meta.url).href;
const holder = new URL('survivors/holder.mjs', import.meta.url).pathname;
const slices = new URL('survivors/slices.ts', import.meta.url).pathname;

/** What the holder tells of one stop. */
interface Stop {
  readonly open: number;
  readonly bytes: number;
  readonly rssBytes: number;
  readonly slowestOpenMs: number;
}

const setups = {
  bare: {},
  /** Hooks, ledger and detectors; nothing that exports. */
  alone: { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  exporting: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_METRIC_EXPORT_INTERVAL: '600000' },
} as const;
type SetupName = keyof typeof setups;

const hold = (binary: string, setup: SetupName): Stop[] => {
  const imports = setup === 'bare' ? [] : ['--import', register];
  const { status, stdout, stderr } = spawnSync(binary, ['--expose-gc', ...imports, holder], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      BENCH_HOLDER: JSON.stringify({ stops, sweepIntervalMs }),
      OUTLIVE_SWEEP_INTERVAL_MS: String(sweepIntervalMs),
      ...setups[setup],
    },
  });
  if (status !== 0) throw new Error(`The holder (${setup}) ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout) as Stop[];
};

const names = Object.keys(setups) as SetupName[];
type Runs = Readonly<Record<SetupName, readonly Stop[]>>;

const added = (runs: readonly Runs[], setup: SetupName, at: number, what: 'bytes' | 'rssBytes'): Interval =>
  intervalOf(
    runs.map((run) => ((run[setup][at]?.[what] ?? Number.NaN) - (run.bare[at]?.[what] ?? Number.NaN)) / 2 ** 20),
  );

/** Bytes for each one more between two stops, above what the same thing costs without outlive. */
const each = (runs: readonly Runs[], from: number, to: number): Interval =>
  intervalOf(
    runs.map(({ alone, bare }) => {
      const grown = (stopsOfRun: readonly Stop[]): number =>
        (stopsOfRun[to]?.bytes ?? Number.NaN) - (stopsOfRun[from]?.bytes ?? Number.NaN);
      return (grown(alone) - grown(bare)) / ((stops[to] ?? 0) - (stops[from] ?? 0));
    }),
  );

const slowest = (runs: readonly Runs[], setup: SetupName, at: number): string =>
  quantileOf(
    runs.map((run) => run[setup][at]?.slowestOpenMs ?? 0),
    0.5,
  ).toFixed(2);

/** Open lifetimes, and the places that opened them. */
const held = [
  [5_000, 20],
  [5_000, 2_000],
  [100_000, 2_000],
] as const;

interface Sweeps {
  readonly longestMs: readonly number[];
  readonly togetherMs: readonly number[];
}

const sweepsOf = (binary: string, by: 'clock' | 'cpu', open: number, origins: number): Sweeps => {
  const { status, stdout, stderr } = spawnSync(binary, [slices, by, ...[open, origins, values.sweeps].map(String)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...setups.alone },
  });
  if (status !== 0) throw new Error(`The sweeps of ${open} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout) as Sweeps;
};

const milliseconds = (samples: readonly number[]): string =>
  [0.5, 0.99, 1].map((share) => quantileOf(samples, share).toFixed(2)).join(' / ');

const memoryRows: string[][] = [];
const sliceRows: string[][] = [];
for (const version of values.nodes.split(',')) {
  const binary = nodeBinary(version);
  const runs: Runs[] = [];
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    console.error(`bench: survivors on Node ${version}, pair ${pair + 1} of ${values.pairs} …`);
    runs.push(Object.fromEntries(names.map((name) => [name, hold(binary, name)])) as unknown as Runs);
  }
  for (const [at, open] of stops.entries()) {
    memoryRows.push([
      version,
      String(open),
      withInterval(added(runs, 'alone', at, 'bytes'), 2),
      at === 0 ? '' : withInterval(each(runs, at - 1, at), 0),
      withInterval(added(runs, 'exporting', at, 'bytes'), 2),
      withInterval(added(runs, 'exporting', at, 'rssBytes'), 1),
      `${slowest(runs, 'alone', at)} (bare ${slowest(runs, 'bare', at)})`,
    ]);
  }
  for (const [open, origins] of held) {
    const byClock = sweepsOf(binary, 'clock', open, origins);
    const byCpu = sweepsOf(binary, 'cpu', open, origins);
    sliceRows.push([
      version,
      String(open),
      String(origins),
      milliseconds(byClock.longestMs),
      milliseconds(byCpu.longestMs),
      quantileOf(byClock.togetherMs, 0.5).toFixed(2),
    ]);
  }
}

const text = [
  '## What an open lifetime costs',
  `\`npm run bench:survivors\`. ${takenNote()} ${values.pairs} pairs with bare Node. Streams stay open; "alone" is outlive without an exporter, "exporting" adds the OTel SDK. Memory is heap and external after four major GCs, less the same in bare Node.`,
  '### Memory',
  table(
    ['Node', 'open', 'alone, MB', 'B for each one more', 'exporting, MB', 'exporting, RSS MB', 'slowest opening, ms'],
    memoryRows,
  ),
  `### Sweeps (${values.sweeps}, after 50 to warm up)`,
  table(
    [
      'Node',
      'open',
      'places',
      'longest slice of a sweep, ms (p50 / p99 / max)',
      'by CPU time',
      'all its slices, ms (p50)',
    ],
    sliceRows,
  ),
].join('\n\n');
console.log(text);
if (values.write) writeSection('survivors', text);
