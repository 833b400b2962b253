import { table } from '../table.ts';
import { queueLeaks, type QueueLeak, type QueueLeakRun } from './queue-leaks.ts';
import { quantile, wilson } from './statistics.ts';

export interface QueueRow {
  readonly leak: QueueLeak;
  readonly runs: readonly QueueLeakRun[];
}

const figure = (value: number): string => (value < Infinity ? value.toFixed(0) : '–');

function line({ leak, runs }: QueueRow): string[] {
  const inTime = runs.filter((run) => run.inTime).length;
  const { value, low, high } = wilson(inTime, runs.length);
  const found = runs.filter(({ minutes }) => minutes < Infinity).length;
  const minutes = runs.map((run) => run.minutes);
  return [
    `${leak.sort}, ${leak.pattern}, ${leak.onset === 'boot' ? 'from boot' : 'late'}`,
    String(runs.length),
    `${(value * 100).toFixed(0)} % [${(low * 100).toFixed(0)}..${(high * 100).toFixed(0)}]`,
    `${((found / runs.length) * 100).toFixed(0)} %`,
    [0.5, 0.95].map((share) => figure(quantile(minutes, share))).join(' / '),
  ];
}

/** What becomes of watched queues and collections that leak. */
export function queueTable(rows: readonly QueueRow[]): string {
  const inOrder = queueLeaks.flatMap((leak) => rows.filter((row) => row.leak === leak));
  return table(
    ['watched', 'runs', 'found in time [95 %]', 'found at all', 'minutes p50 / p95'],
    inOrder.map((row) => line(row)),
  );
}
