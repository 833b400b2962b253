import { type Constants, constantsAt, type Scaling } from './constants.ts';
import { type GrowingHeap, type HeapLeakRun, runHeapLeak } from './heap-leaks.ts';
import { type Leak, type LeakRun, runLeak } from './leaks.ts';
import { type QueueLeak, type QueueLeakRun, runQueueLeak } from './queue-leaks.ts';
import { Random, seedOf } from './random.ts';
import { type Alarm, healthySettings } from './settings.ts';
import { dayMs } from './traffic.ts';

export interface HealthyJob {
  readonly sort: 'healthy';
  readonly setting: string;
  readonly days: number;
  readonly seed: number;
}

export interface LeakyJob {
  readonly sort: 'leaky';
  readonly leak: Leak;
  readonly runs: number;
  readonly seed: number;
}

export interface HeapLeakJob {
  readonly sort: 'heap';
  readonly leak: GrowingHeap;
  readonly runs: number;
  readonly seed: number;
}

export interface QueueLeakJob {
  readonly sort: 'queue';
  readonly leak: QueueLeak;
  readonly runs: number;
  readonly seed: number;
}

export type Job = HealthyJob | LeakyJob | HeapLeakJob | QueueLeakJob;

export interface HealthyOutcome {
  /** Each finding above `info` that was raised, in words. */
  readonly alarms: readonly string[];
  readonly days: number;
}

export type Outcome = HealthyOutcome | readonly LeakRun[] | readonly HeapLeakRun[] | readonly QueueLeakRun[];

export function runJob(job: Job, scaling: Scaling): Outcome {
  const constants = constantsAt(scaling);
  if (job.sort === 'healthy') return runHealthy(job, constants);
  const randoms = Array.from({ length: job.runs }, (_, run) => new Random(seedOf(job.seed, run)));
  if (job.sort === 'queue') return randoms.map((random) => runQueueLeak(job.leak, random, constants));
  if (job.sort === 'heap') return randoms.map((random) => runHeapLeak(job.leak, random));
  return randoms.map((random) => runLeak(job.leak, random, constants));
}

/** Process after process, until the days are full. */
function runHealthy({ setting: name, days, seed }: HealthyJob, constants: Constants): HealthyOutcome {
  const setting = healthySettings[name];
  if (setting === undefined) throw new RangeError(`no such setting: ${name}`);
  const alarms: string[] = [];
  let leftMs = days * dayMs;
  for (let life = 0; leftMs > 0; life++) {
    const random = new Random(seedOf(seed, life));
    const lifeMs = Math.min(leftMs, setting.lifeMs(random));
    alarms.push(...setting.alarmsIn({ random, lifeMs, constants }).map(inWords));
    leftMs -= lifeMs;
  }
  return { alarms, days };
}

const inWords = ({ finding: { detector, kind, count }, atMs }: Alarm): string =>
  `${detector} ${kind} ×${count} after ${(atMs / 3_600_000).toFixed(1)} h`;
