// `npm run bench:detection`: false alarms and detection of the real detectors, on simulated services and a simulated clock.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runJobs } from './detection/crew.ts';
import { type Scaling, scalings } from './detection/constants.ts';
import { type HealthyRow, healthyRow, healthyTable, isQuiet } from './detection/healthy-page.ts';
import type { HealthyOutcome, Job, Outcome } from './detection/jobs.ts';
import { growingHeaps, type HeapLeakRun } from './detection/heap-leaks.ts';
import { type HeapRow, heapTable } from './detection/heap-page.ts';
import { type LeakRun, leaks } from './detection/leaks.ts';
import {
  foundInTime,
  type LeakyRow,
  leakyTable,
  leastFound,
  missedLeaks,
  strayFindings,
} from './detection/leaky-page.ts';
import { queueLeaks, type QueueLeakRun } from './detection/queue-leaks.ts';
import { type QueueRow, queueTable } from './detection/queue-page.ts';
import { seedOf } from './detection/random.ts';
import { Results } from './detection/results.ts';
import { healthySettings, isOfHeap } from './detection/settings.ts';

const usage = `npm run bench:detection -- [options]
  --only NAME          settings whose name has this; 'leaky' for the leaks, 'queue leaks' and 'heap leaks' for those
                       (settings: ${Object.keys(healthySettings).join(', ')})
  --days N             service-days of each healthy setting (default 30; 1,095 for the figures of the docs)
  --heap-days N        the same for those of the heap, of which a day takes twenty times as long (default 0: none,
                       and none of its leaks)
  --runs N             runs of each of the 120 leaks, and of the 12 of queues (default 1)
  --seed N             (default: drawn anew, and printed)
  --constants NAME     ${Object.keys(scalings).join(', ')}
  --threads N          (default: 2, or the cores there are)
  --minutes N          no new job after so many: the tables have as many days as there was time for
  --results FILE       outcomes are added to this file, and those that it has are not simulated again: give the seed as well
  --part 2/3           of the jobs the second third, so that several processes share them; the tables are of all that the file has
  --verbose            every false alarm, not one a setting`;

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    'heap-days': { type: 'string', default: '0' },
    runs: { type: 'string', default: '1' },
    minutes: { type: 'string', default: 'Infinity' },
    seed: { type: 'string' },
    constants: { type: 'string', default: 'as_they_are' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    only: { type: 'string', default: '' },
    results: { type: 'string' },
    part: { type: 'string', default: '1/1' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit();
}

const isScaling = (name: string): name is Scaling => Object.hasOwn(scalings, name);
const scaling = values.constants;
if (!isScaling(scaling)) throw new Error(`Expected --constants to be one of ${Object.keys(scalings).join(', ')}.`);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
const daysPerJob = (setting: string): number => (isOfHeap(setting) ? 1 : 15);
const daysOf = (setting: string): number => Number(values[isOfHeap(setting) ? 'heap-days' : 'days']);
const settings = Object.keys(healthySettings).filter((name) => name.includes(values.only) && daysOf(name) > 0);
// the first days of all settings, then the next of all
const mostJobs = Math.max(0, ...settings.map((setting) => Math.ceil(daysOf(setting) / daysPerJob(setting))));
const jobs: Job[] = Array.from({ length: mostJobs }, (_, i) => i).flatMap((i) =>
  settings.flatMap((setting): Job[] => {
    const most = daysPerJob(setting);
    const daysOfJob = Math.min(most, daysOf(setting) - i * most);
    return daysOfJob <= 0 ? [] : [{ sort: 'healthy', setting, days: daysOfJob, seed: seedOf(seed, setting, i) }];
  }),
);
if ('leaky'.includes(values.only)) {
  jobs.unshift(
    ...leaks.map((leak): Job => ({
      sort: 'leaky',
      leak,
      runs: Number(values.runs),
      seed: seedOf(seed, JSON.stringify(leak)),
    })),
  );
}

if ('queue leaks'.includes(values.only) && Number(values.runs) > 0) {
  jobs.unshift(
    ...queueLeaks.map((leak): Job => ({
      sort: 'queue',
      leak,
      runs: Number(values.runs),
      seed: seedOf(seed, JSON.stringify(leak)),
    })),
  );
}

if ('heap leaks'.includes(values.only) && Number(values['heap-days']) > 0) {
  jobs.unshift(
    ...growingHeaps.map((leak): Job => ({
      sort: 'heap',
      leak,
      runs: Number(values.runs),
      seed: seedOf(seed, JSON.stringify(leak)),
    })),
  );
}

const results = new Results(values.results, scaling);
const outcomes = new Map<Job, Outcome>();
for (const job of jobs) {
  const known = results.of(job);
  if (known !== undefined) outcomes.set(job, known);
}
const [part = 1, parts = 1] = values.part.split('/').map(Number);
const mine = jobs.filter((job, i) => i % parts === part - 1 && !outcomes.has(job));
if (results.ofOtherBuilds > 0) console.error(`bench: ${results.ofOtherBuilds} results of other builds are left out`);
const startedMs = performance.now();
const secondsSince = (): string => ((performance.now() - startedMs) / 1000).toFixed(0);
console.error(`bench: detection, seed ${seed}, ${mine.length} of ${jobs.length} jobs …`);
let toldMs = startedMs;
await runJobs(mine, {
  threads: Number(values.threads),
  scaling,
  untilMs: startedMs + 60_000 * Number(values.minutes),
  told: (job, outcome) => {
    outcomes.set(job, outcome);
    results.add(job, outcome);
    if (performance.now() - toldMs < 15_000) return;
    toldMs = performance.now();
    console.error(`bench: ${outcomes.size} of ${jobs.length} jobs after ${secondsSince()} s`);
  },
});

const done = [...outcomes.keys()];
const healthy: HealthyRow[] = settings.flatMap((setting) => {
  const ofSetting = done.filter((job) => job.sort === 'healthy' && job.setting === setting);
  if (ofSetting.length === 0) return [];
  return [
    healthyRow(
      setting,
      ofSetting.map((job) => outcomes.get(job) as HealthyOutcome),
    ),
  ];
});
const leaky: LeakyRow[] = done.flatMap((job) =>
  job.sort === 'leaky' ? [{ leak: job.leak, runs: outcomes.get(job) as readonly LeakRun[] }] : [],
);
const leakyQueues: QueueRow[] = done.flatMap((job) =>
  job.sort === 'queue' ? [{ leak: job.leak, runs: outcomes.get(job) as readonly QueueLeakRun[] }] : [],
);
const heaps: HeapRow[] = done.flatMap((job) =>
  job.sort === 'heap' ? [{ leak: job.leak, runs: outcomes.get(job) as readonly HeapLeakRun[] }] : [],
);

console.log(`Seed ${seed}, constants ×${scalings[scaling]}, ${secondsSince()} s.\n`);
console.log(healthyTable(healthy));
if (values.verbose) {
  for (const { setting, alarms } of healthy) for (const alarm of alarms) console.log(`${setting}: ${alarm}`);
  for (const missed of missedLeaks(leaky)) console.log(`leaky: ${missed}`);
}
if (leaky.length > 0)
  console.log(`\n${leakyTable(leaky)}\n\nFindings of other lines in the leaky services: ${strayFindings(leaky)}.`);
if (leakyQueues.length > 0) console.log(`\n${queueTable(leakyQueues)}`);
if (heaps.length > 0) console.log(`\n${heapTable(heaps)}`);

const { found, of } = foundInTime(leaky);
const missed = [
  ...healthy.filter((row) => !isQuiet(row)).map(({ setting }) => setting),
  ...(found < leastFound * of ? ['leaks of ≥ 1 %'] : []),
];
if (missed.length > 0) console.log(`\nTargets missed: ${missed.join(', ')}.`);
process.exitCode = missed.length > 0 ? 1 : 0;
