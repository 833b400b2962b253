import { table } from '../table.ts';
import type { Leak, LeakRun } from './leaks.ts';
import { quantile, wilson } from './statistics.ts';

export const leastFound = 0.99;
/** Leaks of fewer of the opens are measured, not asked for. */
export const askedFromShare = 0.01;

export interface LeakyRow {
  readonly leak: Leak;
  readonly runs: readonly LeakRun[];
}

const percent = (share: number): string => `${+(share * 100).toFixed(1)} %`;
const shareWithin = (hits: number, of: number): string => {
  const { value, low, high } = wilson(hits, of);
  return `${percent(value)} [${(low * 100).toFixed(1)}..${(high * 100).toFixed(1)}]`;
};
/** Those never found count as the latest of all. */
const three = (samples: readonly number[]): string =>
  [0.5, 0.95, 0.99]
    .map((share) => quantile(samples, share))
    .map((value) => (value < Infinity ? value.toFixed(0) : '–'))
    .join(' / ');

const head = [
  'leak',
  'runs',
  'found in time [95 %]',
  'found at all',
  'named',
  'leaked items p50 / p95 / p99',
  'minutes p50 / p95 / p99',
];

function line(title: string, runs: readonly LeakRun[]): string[] {
  const found = runs.filter(({ minutes }) => minutes < Infinity);
  const { length } = runs.filter(({ inTime }) => inTime);
  return [
    title,
    String(runs.length),
    shareWithin(length, runs.length),
    percent(found.length / runs.length),
    percent(found.filter(({ named }) => named).length / Math.max(1, found.length)),
    three(runs.map(({ leaked, minutes }) => (minutes < Infinity ? leaked : Infinity))),
    three(runs.map(({ minutes }) => minutes)),
  ];
}

const isAsked = ({ leak }: LeakyRow): boolean => leak.share >= askedFromShare;

/** Of the leaks that must be found. */
export function foundInTime(rows: readonly LeakyRow[]): { readonly found: number; readonly of: number } {
  const runs = rows.filter((row) => isAsked(row)).flatMap((row) => row.runs);
  return { found: runs.filter(({ inTime }) => inTime).length, of: runs.length };
}

/** By the mean life of what is no leak at that line. */
const lifeClasses = [
  ['the healthy end with their request', 0, 1],
  ['the healthy live < 1 s', 1, 1000],
  ['the healthy live 1–10 s', 1000, 10_000],
  ['the healthy live 10–60 s', 10_000, Infinity],
] as const;

/** Grouped one way after the other: a row for each value of each of the leak's properties. */
export function leakyTable(rows: readonly LeakyRow[]): string {
  const asked = rows.filter((row) => isAsked(row));
  const groups = (among: readonly LeakyRow[], of: (leak: Leak) => string): [string, LeakRun[]][] => {
    const byName = new Map<string, LeakRun[]>();
    for (const { leak, runs } of among) byName.set(of(leak), [...(byName.get(of(leak)) ?? []), ...runs]);
    return [...byName];
  };
  return table(head, [
    ...groups(rows, ({ share }) => `${percent(share)} of opens`).map(([title, runs]) => line(title, runs)),
    line(
      'all of ≥ 1 %',
      asked.flatMap(({ runs }) => runs),
    ),
    ...groups(asked, ({ pattern }) => `≥ 1 %, ${pattern}`).map(([title, runs]) => line(title, runs)),
    ...groups(asked, ({ onset }) => `≥ 1 %, ${onset === 'boot' ? 'from boot' : 'late'}`).map(([title, runs]) =>
      line(title, runs),
    ),
    ...groups(asked, ({ ratePerS }) => `≥ 1 %, ${ratePerS} opens/s`).map(([title, runs]) => line(title, runs)),
    ...lifeClasses.map(([title, fromMs, toMs]) => {
      const isIn = ({ healthyMs }: LeakRun): boolean => healthyMs >= fromMs && healthyMs < toMs;
      return line(
        `≥ 1 %, ${title}`,
        asked.flatMap(({ runs }) => runs.filter((run) => isIn(run))),
      );
    }),
  ]);
}

/** Each leak that must be found and was not, or too late. */
export const missedLeaks = (rows: readonly LeakyRow[]): string[] =>
  rows
    .filter((row) => isAsked(row))
    .flatMap(({ leak: { share, pattern, onset, ratePerS }, runs }) =>
      runs
        .filter(({ inTime }) => !inTime)
        .map(
          ({ minutes, leaked, healthyMs }) =>
            `${percent(share)} ${pattern} ${onset} at ${ratePerS}/s, healthy ${healthyMs.toFixed(0)} ms: ${minutes.toFixed(0)} min, ${leaked} leaked`,
        ),
    );

export const strayFindings = (rows: readonly LeakyRow[]): number =>
  rows.reduce((sum, { runs }) => sum + runs.reduce((count, { strays }) => count + strays.length, 0), 0);
