/** One query and how its series are called in the legend. */
export type Query = readonly [expr: string, legend: string];

export interface Panel {
  readonly title: string;
  readonly type: 'timeseries' | 'stat' | 'table' | 'bargauge' | 'logs';
  readonly unit: string;
  readonly description: string;
  readonly queries: readonly Query[];
  /** Of 24. */
  readonly width: number;
  /** Whether its series lie on top of each other and add up. */
  readonly stacked: boolean;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly query: string;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

type PanelOptions = Partial<Pick<Panel, 'unit' | 'width' | 'stacked'>>;
const panelOf =
  (type: Panel['type'], width: number) =>
  (title: string, description: string, queries: readonly Query[], options: PanelOptions = {}): Panel => ({
    title,
    type,
    description,
    queries,
    unit: 'short',
    width,
    stacked: false,
    ...options,
  });

export const graph = panelOf('timeseries', 8);
export const stat = panelOf('stat', 4);
export const table = panelOf('table', 12);
export const bars = panelOf('bargauge', 12);
export const logs = panelOf('logs', 24);

const heights: Readonly<Record<Panel['type'], number>> = { timeseries: 8, stat: 4, table: 8, bargauge: 8, logs: 10 };

const sourceOf = (type: Panel['type']) =>
  type === 'logs' ? { type: 'loki', uid: '${logs}' } : { type: 'prometheus', uid: '${metrics}' };

const targetsOf = ({ type, queries }: Panel) =>
  queries.map(([expr, legendFormat], index) => ({
    refId: String.fromCodePoint(65 + index),
    datasource: sourceOf(type),
    expr,
    legendFormat,
    ...(type === 'timeseries' || type === 'logs' ? { range: true } : { instant: true }),
    ...(type === 'table' ? { format: 'table' } : {}),
  }));

const customOf = ({ stacked }: Panel) =>
  stacked ? { custom: { fillOpacity: 40, stacking: { mode: 'normal', group: 'A' } } } : {};

function panelsOf(rows: readonly Row[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { h: 1, w: 24, x: 0, y },
      panels: [],
    });
    y += 1;
    let x = 0;
    let lineHeight = 0;
    for (const panel of row.panels) {
      if (x + panel.width > 24) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
      const h = heights[panel.type];
      panels.push({
        id: panels.length + 1,
        type: panel.type,
        title: panel.title,
        description: panel.description,
        datasource: sourceOf(panel.type),
        gridPos: { h, w: panel.width, x, y },
        fieldConfig: { defaults: { unit: panel.unit, min: 0, ...customOf(panel) }, overrides: [] },
        options: {},
        targets: targetsOf(panel),
      });
      x += panel.width;
      lineHeight = Math.max(lineHeight, h);
    }
    y += lineHeight;
  }
  return panels;
}

const datasourceVariable = (name: string, label: string, query: string) => ({
  name,
  label,
  type: 'datasource',
  query,
  refresh: 1,
  hide: 0,
});

/** As the Prometheus data source counts its kinds of variables. */
const labelValues = 1;

const queryVariable = ({ name, label, query }: Variable) => ({
  name,
  label,
  type: 'query',
  datasource: sourceOf('timeseries'),
  query: { qryType: labelValues, query, refId: name },
  refresh: 2,
  multi: true,
  includeAll: true,
  allValue: '.+',
  current: { text: ['All'], value: ['$__all'] },
});

/** The dashboard as Grafana imports and provisions it. */
export function grafanaJson(dashboard: Dashboard): object {
  const { uid, title, description, variables, rows } = dashboard;
  return {
    uid,
    title,
    description,
    tags: ['outlive'],
    editable: true,
    schemaVersion: 39,
    time: { from: 'now-3h', to: 'now' },
    refresh: '30s',
    links: [
      {
        type: 'dashboards',
        tags: ['outlive'],
        title: 'outlive',
        icon: 'external link',
        tooltip: 'The other dashboards of outlive',
        asDropdown: true,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
      },
    ],
    templating: {
      list: [
        datasourceVariable('metrics', 'Metrics', 'prometheus'),
        datasourceVariable('logs', 'Findings', 'loki'),
        ...variables.map(queryVariable),
      ],
    },
    annotations: { list: [] },
    panels: panelsOf(rows),
  };
}
