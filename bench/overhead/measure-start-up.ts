import { spawnSync } from 'node:child_process';
import { type Interval, intervalOf } from '../interval.ts';
import { environmentOf, nodeArgumentsOf, type SetupName } from './setups.ts';
import type { Surroundings } from './surroundings.ts';

/** What a process had used when the app's first line ran. */
export interface StartUpFigures {
  readonly node: string;
  readonly setup: SetupName;
  readonly cpuMs: number;
  readonly rssMb: number;
  /** Against bare, pair by pair; `undefined` for bare itself. */
  readonly addedCpuMs: Interval | undefined;
  readonly addedRssMb: Interval | undefined;
}

interface Options {
  readonly binary: string;
  readonly flags: readonly string[];
  readonly node: string;
  readonly setups: readonly SetupName[];
  readonly starts: number;
  readonly surroundings: Surroundings;
}

interface Sample {
  readonly cpuMs: number;
  readonly rssMb: number;
}

const app = new URL('apps/first-line.mjs', import.meta.url).pathname;

const startOnce = ({ binary, flags, surroundings }: Options, setup: SetupName): Sample => {
  const { stdout, stderr, status } = spawnSync(binary, [...flags, ...nodeArgumentsOf(setup), app], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...surroundings.env, ...environmentOf(setup) },
  });
  if (status !== 0) throw new Error(`The set-up ${setup} did not start:\n${stderr}`);
  const { cpuMs, rssBytes } = JSON.parse(stdout) as { cpuMs: number; rssBytes: number };
  return { cpuMs, rssMb: rssBytes / 2 ** 20 };
};

const meanOf = (samples: readonly number[]): number => samples.reduce((sum, x) => sum + x, 0) / samples.length;
const addedTo = (bare: readonly number[], own: readonly number[]): Interval =>
  intervalOf(own.map((x, i) => x - (bare[i] ?? Number.NaN)));

export const measureStartUp = async (options: Options): Promise<StartUpFigures[]> => {
  const names: SetupName[] = ['bare', ...options.setups];
  const samples = new Map<SetupName, Sample[]>(names.map((name) => [name, []]));
  for (const name of names) startOnce(options, name);
  for (let start = 0; start < options.starts; start++) {
    for (const [name, own] of samples) own.push(startOnce(options, name));
  }
  const bare = samples.get('bare') ?? [];
  return [...samples].map(([setup, own]) => {
    const [cpuMs, rssMb] = [own.map((sample) => sample.cpuMs), own.map((sample) => sample.rssMb)];
    const isBare = setup === 'bare';
    return {
      node: options.node,
      setup,
      cpuMs: meanOf(cpuMs),
      rssMb: meanOf(rssMb),
      addedCpuMs: isBare
        ? undefined
        : addedTo(
            bare.map((sample) => sample.cpuMs),
            cpuMs,
          ),
      addedRssMb: isBare
        ? undefined
        : addedTo(
            bare.map((sample) => sample.rssMb),
            rssMb,
          ),
    };
  });
};
