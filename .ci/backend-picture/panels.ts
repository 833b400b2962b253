import type { Dashboard, Panel } from '../backend-dashboards/dashboard.ts';
import { overview } from '../backend-dashboards/overview.ts';
import { service } from '../backend-dashboards/service.ts';

export interface PicturePanel extends Pick<Panel, 'title' | 'description' | 'unit' | 'queries' | 'stacked'> {
  /** The row of its dashboard. */
  readonly row: string;
  /** The services that are chosen, as a regular expression. */
  readonly job: string;
  /** What the dashboard shows on one axis with it, and would flatten it here: legends to leave out. */
  readonly without: readonly string[];
}

function from(
  dashboard: Dashboard,
  row: string,
  title: string,
  job: string,
  without: readonly string[] = [],
): PicturePanel {
  const panel = dashboard.rows.find((one) => one.title === row)?.panels.find((one) => one.title === title);
  if (panel?.type !== 'timeseries') throw new Error(`${dashboard.title} has no graph "${title}" in "${row}"`);
  return { ...panel, row, job, without };
}

const gateway = 'llm-gateway';
const filler = 'heap-filler';

/** What the picture in the README shows, of the panels of the dashboards. */
export const picturePanels: readonly PicturePanel[] = [
  from(overview, 'By service', 'Findings by type', gateway),
  from(overview, 'By service', 'Unreleased by kind', gateway),
  from(service, 'Resources', 'Clients', gateway),
  from(service, 'Queues', 'Size', gateway, ['billing capacity']),
  from(service, 'Memory', 'Heap after a major collection', filler),
  from(service, 'Garbage collection and the event loop', 'Time in collections', `${gateway}|${filler}`),
];
