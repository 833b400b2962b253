import { type Constants, constantsAt, type Scaling } from './constants.ts';
import { type Leak, type LeakRun, runLeak } from './leaks.ts';
import { Random, seedOf } from './random.ts';
import { Service } from './service.ts';
import { healthySettings } from './settings.ts';
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

export type Job = HealthyJob | LeakyJob;

export interface HealthyOutcome {
  /** Each finding above `info` that was raised, in words. */
  readonly alarms: readonly string[];
  readonly days: number;
}

export type Outcome = HealthyOutcome | readonly LeakRun[];

export function runJob(job: Job, scaling: Scaling): Outcome {
  const constants = constantsAt(scaling);
  return job.sort === 'healthy' ? runHealthy(job, constants) : runLeaky(job, constants);
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
    const service = new Service(random, constants);
    setting.start(service);
    service.run(lifeMs);
    alarms.push(
      ...service.raised.map(
        ({ finding: { detector, kind, count }, atMs }) =>
          `${detector} ${kind} ×${count} after ${(atMs / 3_600_000).toFixed(1)} h`,
      ),
    );
    leftMs -= lifeMs;
  }
  return { alarms, days };
}

function runLeaky({ leak, runs, seed }: LeakyJob, constants: Constants): LeakRun[] {
  return Array.from({ length: runs }, (_, run) => runLeak(leak, new Random(seedOf(seed, run)), constants));
}
