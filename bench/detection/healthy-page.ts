import { table } from '../table.ts';
import type { HealthyOutcome } from './jobs.ts';
import { poissonRate } from './statistics.ts';

const daysInYear = 365;
export const mostAlarmsPerYear = 1;

export interface HealthyRow {
  readonly setting: string;
  readonly days: number;
  readonly alarms: readonly string[];
}

export const healthyRow = (setting: string, outcomes: readonly HealthyOutcome[]): HealthyRow => ({
  setting,
  days: outcomes.reduce((sum, { days }) => sum + days, 0),
  alarms: outcomes.flatMap(({ alarms }) => alarms),
});

export const isQuiet = ({ days, alarms }: HealthyRow): boolean =>
  alarms.length * daysInYear <= mostAlarmsPerYear * days;

export function healthyTable(rows: readonly HealthyRow[]): string {
  return table(
    ['setting', 'service-days', 'false alarms', 'a service-year [95 %]', 'e.g.'],
    rows.map((row) => {
      const { setting, days, alarms } = row;
      const rate = poissonRate(alarms.length, days / daysInYear);
      const [value, low, high] = [rate.value, rate.low, rate.high].map((x) => x.toFixed(x < 10 ? 2 : 0));
      const cell = `${value} [${low}..${high}]`;
      return [setting, days.toFixed(0), String(alarms.length), isQuiet(row) ? cell : `**${cell}**`, alarms[0] ?? ''];
    }),
  );
}
