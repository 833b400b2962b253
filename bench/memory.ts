// How exact is the growth of memory that outlive tells, how often does a healthy process seem to grow, and what does a
// reading cost? On simulated series of one sample a minute, under a load that swings.
import { parseArgs } from 'node:util';
import { defaultGrowthRule, type MemoryGrowth, memoryGrowth } from '../src/detect/memory-growth.ts';
import type { LoadedBytes } from '../src/detect/memory-load.ts';
import { MemoryReadings } from '../src/runtime/memory-readings.ts';
import { normals, uniforms } from '../test/unit/detect/statistics/random.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const runs = Number(values.runs);
const firstSeed = Number(values.seed);
const lengths = [20, 60, 120, 500, 1000];
const minuteMs = 60_000;
const mb = 1e6;
const rule = { ...defaultGrowthRule, minSpanMs: 5 * minuteMs };

interface Noise {
  readonly normal: () => number;
  readonly uniform: () => number;
  /** Keeps 95 % of its last value. */
  readonly drift: () => number;
}
interface Setting {
  readonly name: string;
  readonly mbPerHour?: number;
  /** MB beside the leak, at a minute of so many, with so many requests under way. */
  readonly level: (o: { minute: number; minutes: number; inFlight: number; noise: Noise }) => number;
  readonly inFlight?: (minute: number, noise: Noise) => number;
}

const swinging = (_minute: number, { normal }: Noise): number => 20 + 4 * normal();
const daily = (minute: number, { normal }: Noise): number =>
  20 + 15 * Math.sin((2 * Math.PI * (minute - 300)) / 1440) + normal();

const settings: readonly Setting[] = [
  { name: '50 MB/h in ±1 MB', mbPerHour: 50, level: ({ noise }) => 100 + 2 * noise.uniform() - 1 },
  { name: '50 MB/h in noise of 5 MB', mbPerHour: 50, level: ({ noise }) => 100 + 5 * noise.normal() },
  {
    name: '10 MB/h, 0.5 MB a request',
    mbPerHour: 10,
    level: ({ noise, inFlight }) => 100 + 0.5 * inFlight + noise.normal(),
  },
  { name: '±1 MB', level: ({ noise }) => 100 + 2 * noise.uniform() - 1 },
  { name: 'noise of 30 MB', level: ({ noise }) => 200 + 30 * noise.normal() },
  { name: 'noise that remembers 95 %', level: ({ noise }) => 200 + 5 * noise.drift() },
  { name: 'saw-tooth', level: ({ minute, noise }) => 100 + 3.5 * (minute % 17) + noise.normal() },
  {
    name: 'warm-up',
    level: ({ minute, minutes, noise }) => 200 - 100 * Math.exp((-3 * minute) / minutes) + noise.normal(),
  },
  {
    name: 'slow warm-up',
    level: ({ minute, minutes, noise }) => 200 - 100 * Math.exp((-1.4 * minute) / minutes) + noise.normal(),
  },
  {
    name: 'busier and busier',
    level: ({ inFlight, noise }) => 60 + 3 * inFlight + noise.normal(),
    inFlight: (minute) => 20 + minute / 10,
  },
  { name: 'a busier day', level: ({ inFlight, noise }) => 100 + 5 * inFlight + 2 * noise.normal(), inFlight: daily },
];

function noiseOf(seed: number): Noise {
  const normal = normals(seed);
  let drifted = 0;
  return { normal, uniform: uniforms(seed + 1), drift: () => (drifted = 0.95 * drifted + normal()) };
}

function pointsOf(
  { level, mbPerHour = 0, inFlight = swinging }: Setting,
  minutes: number,
  seed: number,
): LoadedBytes[] {
  const noise = noiseOf(seed);
  return Array.from({ length: minutes }, (_, minute) => {
    const load = Math.max(0, inFlight(minute, noise));
    const bytes = (level({ minute, minutes, inFlight: load, noise }) + (mbPerHour * minute) / 60) * mb;
    return { atMs: minute * minuteMs, bytes, loads: [load, 5 * load + 4 * noise.normal()] };
  });
}

function growthIn(points: readonly LoadedBytes[]): MemoryGrowth | undefined {
  const steps = memoryGrowth(points, rule);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

function rowOf(setting: Setting, minutes: number): string[] {
  const rates = Array.from(
    { length: runs },
    (_, run) => growthIn(pointsOf(setting, minutes, 2 * (firstSeed + run)))?.rate,
  ).filter((rate) => rate !== undefined);
  const told = `${((100 * rates.length) / runs).toFixed(1)} %`;
  if (setting.mbPerHour === undefined || rates.length === 0) return [setting.name, String(minutes), told, '', ''];
  const truth = setting.mbPerHour * mb;
  const errors = rates.map(({ value }) => Math.abs(value / truth - 1)).toSorted((a, b) => a - b);
  const covered = rates.filter(({ low, high }) => low <= truth && truth <= high).length;
  return [
    setting.name,
    String(minutes),
    told,
    `${(100 * (errors[Math.floor(0.95 * errors.length)] ?? NaN)).toFixed(1)} %`,
    `${((100 * covered) / rates.length).toFixed(1)} %`,
  ];
}

function readingMs(): number {
  const readings = new MemoryReadings({ ofProcess: true });
  for (let i = 0; i < 500; i++) readings.read();
  const before = process.cpuUsage();
  for (let i = 0; i < 5000; i++) readings.read();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / 5000;
}

const rows = settings.flatMap((setting) => lengths.map((minutes) => rowOf(setting, minutes)));
console.log(table(['setting', 'samples', 'growth told', 'error, 95th percentile', 'interval covers'], rows));
console.log(
  `\n${runs} runs a row, seed ${firstSeed}. One reading of memory: ${readingMs().toFixed(3)} ms of CPU (MON-2: < 1 ms).`,
);
