import type { Dashboard, DataSourceRef, FieldConfig, FieldConfigSource, Panel, RowPanel } from '@grafana/schema';
import type { Options as BarGauge } from '../../node_modules/@grafana/schema/dist/types/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen.d.ts';
import type { Options as Logs } from '../../node_modules/@grafana/schema/dist/types/raw/composable/logs/panelcfg/x/LogsPanelCfg_types.gen.d.ts';
import type { LokiDataQuery } from '../../node_modules/@grafana/schema/dist/types/raw/composable/loki/dataquery/x/LokiDataQuery_types.gen.d.ts';
import type { Options as Stat } from '../../node_modules/@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts';
import type {
  FieldConfig as TableField,
  Options as Table,
} from '../../node_modules/@grafana/schema/dist/types/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen.d.ts';
import type {
  FieldConfig as TimeSeriesField,
  Options as TimeSeries,
} from '../../node_modules/@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts';

/** The one part that `@grafana/schema` leaves out: `Prometheus` of `@grafana/prometheus` 12.3, which needs all of Grafana. */
interface PrometheusQuery {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly exemplar?: boolean;
  readonly hide?: boolean;
  readonly format?: 'time_series' | 'table' | 'heatmap';
}

/** What a panel leaves out, Grafana sets to its default. */
interface PanelOf<Type extends string, Options, Custom, Query> extends Omit<
  Panel,
  'type' | 'options' | 'fieldConfig' | 'targets'
> {
  readonly type: Type;
  readonly options: Partial<Options>;
  readonly fieldConfig: Omit<FieldConfigSource, 'defaults'> & {
    readonly defaults: Omit<FieldConfig, 'custom'> & { readonly custom?: Partial<Custom> };
  };
  readonly targets: readonly Query[];
}
type Nothing = Record<string, never>;

/** Grafana's dashboard, and of each panel that outlive's dashboards have its own options and queries. */
export interface GrafanaDashboard extends Omit<Dashboard, 'panels'> {
  readonly panels: readonly (
    | (Omit<RowPanel, 'panels'> & { readonly panels: readonly [] })
    | PanelOf<'bargauge', BarGauge, Nothing, PrometheusQuery>
    | PanelOf<'logs', Logs, Nothing, LokiDataQuery>
    | PanelOf<'stat', Stat, Nothing, PrometheusQuery>
    | PanelOf<'table', Table, TableField, PrometheusQuery>
    | PanelOf<'timeseries', TimeSeries, TimeSeriesField, PrometheusQuery>
  )[];
}
