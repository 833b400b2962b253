import type { Interval } from './interval.ts';
import type { RequestFigures } from './measure-requests.ts';
import type { StartUpFigures } from './measure-start-up.ts';

const withInterval = (interval: Interval | undefined, digits: number): string => {
  if (interval === undefined) return '';
  const [mean, low, high] = [interval.mean, interval.low, interval.high].map((x) => x.toFixed(digits));
  return Number.isFinite(interval.high) ? `${mean} [${low}, ${high}]` : `${mean}`;
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
};

export const requestTable = (figures: readonly RequestFigures[]): string =>
  table(
    ['Node', 'app', 'set-up', 'CPU µs a request', 'added µs', 'CPU ratio', 'p99 ms', 'p99 ratio', 'RSS MB', 'added MB'],
    figures.map(({ node, app, setup, cpuUs, p99Ms, rssMb, against }) => [
      node,
      app,
      setup,
      cpuUs.toFixed(2),
      withInterval(against?.addedCpuUs, 2),
      withInterval(against?.cpuRatio, 3),
      p99Ms.toFixed(2),
      withInterval(against?.p99Ratio, 2),
      rssMb.toFixed(1),
      withInterval(against?.addedRssMb, 1),
    ]),
  );

export const startUpTable = (figures: readonly StartUpFigures[]): string =>
  table(
    ['Node', 'set-up', "CPU ms before the app's first line", 'added ms', 'RSS MB then', 'added MB'],
    figures.map(({ node, setup, cpuMs, rssMb, addedCpuMs, addedRssMb }) => [
      node,
      setup,
      cpuMs.toFixed(1),
      withInterval(addedCpuMs, 1),
      rssMb.toFixed(1),
      withInterval(addedRssMb, 1),
    ]),
  );
