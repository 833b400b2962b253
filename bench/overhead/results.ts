import type { RequestFigures } from './measure-requests.ts';
import type { StartUpFigures } from './measure-start-up.ts';
import { table, withInterval } from '../table.ts';

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
