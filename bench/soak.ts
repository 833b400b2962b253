// `npm run soak`: opens and ends ten million resources under the production tier and asks whether outlive's own memory
// stays flat. Ends with 1 where it does not. `-- --millions 2` for less, `-- --leak` for a leak that must be found.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { getHeapCodeStatistics, setFlagsFromString } from 'node:v8';
import { findings, flush, shutdown, snapshot, start } from '../src/index.ts';
import { runningEngine } from '../src/sdk/running.ts';
import { trend } from '../src/detect/statistics/trend.ts';
import { Random } from './detection/random.ts';
import { quantileOf } from './interval.ts';
import { sizesFrom, type Sizes } from './soak/sizes.ts';
import { Work } from './soak/work.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: {
    millions: { type: 'string', default: '10' },
    // a whole core, for at so many openings a second the governor of the production tier would detach what is to be proved
    budgetMillicores: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    leak: { type: 'boolean', default: false },
  },
});
if (globalThis.gc === undefined) throw new Error('soak needs --expose-gc: run `npm run soak`');
const gc = globalThis.gc;
// V8 lets go of code that was not run for long, Node's own 5 MB for stripping types too: the floor would fall by that
setFlagsFromString('--no-flush-bytecode');
const total = Number(values.millions) * 1e6;
const stops = 24;
/** By count, not by time, so that what stands between two sweeps does not hang on how fast the machine is. */
const resourcesPerSweep = 50_000;
/** What the floor of the heap may gain from the second quarter to the last: noise of V8's own, not one byte a resource. */
const allowedBytes = Math.max(1_000_000, 0.1 * total);
const quarters = [1, 2, 3, 4] as const;

/** Heap and typed arrays that are still reachable, without code, everything ended and swept. */
interface Floor {
  readonly opened: number;
  readonly bytes: number;
  readonly rssBytes: number;
}

const collector = fork(new URL('soak/collector.mjs', import.meta.url).pathname);
const [port] = (await once(collector, 'message')) as [number];
process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
process.env['OTEL_METRIC_EXPORT_INTERVAL'] = '5000';
start({
  tier: 'production',
  stderr: 'off',
  cpuBudgetMillicores: Number(values.budgetMillicores),
});
const engine = runningEngine();
if (engine === undefined) throw new Error('outlive does not run');

const work = new Work(new Random(Number(values.seed)));
/** What `--leak` keeps: 2 KB for four jobs. */
const leaked: number[][] = [];
const floors: Floor[] = [];
const sizes: Sizes[] = [];
const startedMs = performance.now();

async function floor(): Promise<Floor> {
  work.endAll();
  for (let i = 0; i < 4; i++) {
    await wait(20);
    await flush();
    gc();
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const { bytecode_and_metadata_size: bytecode, code_and_metadata_size: code } = getHeapCodeStatistics();
  return { opened: work.opened, bytes: heapUsed + arrayBuffers - bytecode - code, rssBytes: rss };
}

let sweptAt = 0;
for (let stop = 1; stop <= stops; stop++) {
  while (work.opened < (total * stop) / stops) {
    await Promise.all([work.job(), work.job(), work.job(), work.job()]);
    if (work.opened >= sweptAt + resourcesPerSweep) {
      await flush();
      sweptAt = work.opened;
    }
    if (values.leak) leaked.push(Array.from({ length: 250 }, () => work.opened));
  }
  const here = await floor();
  floors.push(here);
  if (stop % (stops / 4) === 0) sizes.push(await sizesFrom(engine));
  const seconds = (performance.now() - startedMs) / 1000;
  console.error(
    `soak: ${(here.opened / 1e6).toFixed(1)} of ${values.millions} million, ${seconds.toFixed(0)} s, ` +
      `floor ${(here.bytes / 1e6).toFixed(2)} MB, RSS ${(here.rssBytes / 1e6).toFixed(0)} MB`,
  );
}

const { dropped, sweeps, kinds: seen } = snapshot();
const kinds = seen.filter(({ opened }) => opened > 0);
const standing = findings();
await shutdown();
collector.disconnect();

const quarterOf = ({ opened }: Floor): number => Math.min(4, Math.ceil((4 * opened) / (work.opened + 1)));
const medianOf = (quarter: number, of: (floor: Floor) => number): number =>
  quantileOf(floors.filter((at) => quarterOf(at) === quarter).map(of), 0.5);
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2);
console.log(
  table(
    ['quarter', 'opened until', 'heap floor, MB', 'RSS, MB', 'entries held'],
    quarters.map((quarter) => [
      String(quarter),
      String(Math.round((work.opened * quarter) / 4)),
      megabytes(medianOf(quarter, ({ bytes }) => bytes)),
      megabytes(medianOf(quarter, ({ rssBytes }) => rssBytes)),
      String([...(sizes[quarter - 1]?.values() ?? [])].reduce((sum, size) => sum + size, 0)),
    ]),
  ),
);
console.log(
  `\n${table(
    ['kind', 'opened', 'open', 'abandoned'],
    kinds.map(({ kind, opened, open, abandoned }) => [kind, opened, open, abandoned].map(String)),
  )}\n`,
);

const failures: string[] = [];
const later = floors.filter((at) => quarterOf(at) > 1);
const slope = trend(
  later.map(({ opened }) => opened),
  later.map(({ bytes }) => bytes),
);
const gainBytes = medianOf(4, ({ bytes }) => bytes) - medianOf(2, ({ bytes }) => bytes);
console.log(
  `${sweeps} sweeps; ${dropped} lifetimes dropped. From the second quarter to the last the floor gained ${megabytes(gainBytes)} MB; bytes a resource since the first: ` +
    `${[slope?.value, slope?.low, slope?.high].map((bytes) => bytes?.toFixed(3)).join(' / ')} (value / low / high).`,
);
if (!(gainBytes <= allowedBytes)) failures.push(`the floor of the heap grew by ${megabytes(gainBytes)} MB`);

const [, second, , last] = sizes;
const grown = [...(last ?? [])]
  .map(([field, size]) => ({ field, before: second?.get(field) ?? 0, size }))
  .filter(({ before, size }) => size > before)
  .toSorted((a, b) => b.size - b.before - (a.size - a.before));
console.log(
  `\n${table(
    ['what holds more', 'entries half-way', 'at the end'],
    grown.slice(0, 12).map(({ field, before, size }) => [field, String(before), String(size)]),
  )}\n`,
);
for (const { field, before, size } of grown) {
  // what grows with every resource doubles
  if (size > 1.5 * before + 64) failures.push(`${field} holds ${size} entries, ${before} half-way`);
}
for (const kind of ['stream', 'timer', 'generator', 'client'] as const) {
  if (!kinds.some((told) => told.kind === kind)) failures.push(`no ${kind} was seen: nothing is proved`);
}
if (dropped > 0.01 * work.opened) failures.push(`${dropped} lifetimes were not followed, the ledger was full`);
for (const { kind, open } of kinds) {
  if (open > 0.001 * work.opened) failures.push(`${open} lifetimes of kind ${kind} are open though all were ended`);
}
for (const { type, place } of standing) console.log(`standing: ${type} at ${place?.file}:${place?.line}`);

for (const failure of failures) console.error(`soak: ${failure}`);
if (failures.length === 0) console.log('soak: flat');
process.exitCode = failures.length === 0 ? 0 : 1;
