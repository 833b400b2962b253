import { table } from '../table.ts';
import type { GrowingHeap, HeapLeakRun } from './heap-leaks.ts';
import { quantile, wilson } from './statistics.ts';

export interface HeapRow {
  readonly leak: GrowingHeap;
  readonly runs: readonly HeapLeakRun[];
}

const shareOf = (hits: number, of: number): string => {
  const { value, low, high } = wilson(hits, of);
  const [percent, from, to] = [value, low, high].map((share) => (share * 100).toFixed(0));
  return of === 0 ? '' : `${percent} % [${from}..${to}]`;
};

const hours = (samples: readonly number[], quantiles: readonly number[]): string =>
  quantiles
    .map((share) => quantile(samples, share))
    .map((value) => (Number.isFinite(value) ? value.toFixed(1) : '–'))
    .join(' / ');

function line(title: string, runs: readonly HeapLeakRun[]): string[] {
  const exhausted = runs.filter(({ leadHours }) => !Number.isNaN(leadHours));
  const rated = runs.filter(({ rateRatio }) => !Number.isNaN(rateRatio));
  const ratios = rated.map(({ rateRatio }) => rateRatio);
  return [
    title,
    String(runs.length),
    shareOf(runs.filter(({ namedHours }) => namedHours < Infinity).length, runs.length),
    hours(
      runs.map(({ namedHours }) => namedHours),
      [0.5, 0.95],
    ),
    String(runs.reduce((sum, { wronglyNamed }) => sum + wronglyNamed, 0)),
    shareOf(exhausted.filter(({ leadHours }) => leadHours > 0).length, exhausted.length),
    hours(
      exhausted.map(({ leadHours }) => leadHours),
      [0.05, 0.5],
    ),
    [0.05, 0.5, 0.95].map((share) => (ratios.length === 0 ? '' : quantile(ratios, share).toFixed(2))).join(' / '),
    shareOf(rated.filter(({ rateIsCovered }) => rateIsCovered).length, rated.length),
  ];
}

/** What becomes of leaks of the heap, by their rate and by their pattern. */
export function heapTable(rows: readonly HeapRow[]): string {
  const byName = new Map<string, HeapLeakRun[]>();
  for (const { leak, runs } of rows) {
    for (const name of [`${leak.mbPerHour} MB/h`, leak.pattern, leak.onset === 'boot' ? 'from boot' : 'late']) {
      byName.set(name, [...(byName.get(name) ?? []), ...runs]);
    }
  }
  return table(
    [
      'leak of the heap',
      'runs',
      'line told [95 %]',
      'after h p50 / p95',
      'other lines told',
      'told before the limit',
      'h before it p5 / p50',
      'rate told / true p5 / p50 / p95',
      'its interval covers',
    ],
    [...byName]
      .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([title, runs]) => line(title, runs)),
  );
}
