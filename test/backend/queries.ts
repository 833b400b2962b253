import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deployFolder, hurried } from './deployed.ts';

export interface DashboardQuery {
  /** Which dashboard and panel. */
  readonly of: string;
  readonly language: 'PromQL' | 'LogQL';
  readonly expr: string;
}

interface GrafanaDashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly type: string } }[];
  }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: string | { readonly query: string } }[];
  };
}

/** Everything chosen, as Grafana asks it: `$__rate_interval` is four scrapes, and no less than two exports. */
const asked = (expr: string): string =>
  hurried(expr.replaceAll(/\$(job|instance|finding)\b/g, '.+').replaceAll('$__rate_interval', '5m'));

/** Every query of every dashboard in a folder of `deploy/grafana`, those behind its variables among them. */
export function dashboardQueries(folder: string): DashboardQuery[] {
  const path = join(deployFolder, 'grafana', folder);
  return readdirSync(path).flatMap((file) => {
    const dashboard = JSON.parse(readFileSync(join(path, file), 'utf8')) as GrafanaDashboard;
    const variables = dashboard.templating.list.flatMap(({ name, query }): DashboardQuery[] => {
      const selector = /^label_values\((.*), \w+\)$/.exec(typeof query === 'string' ? '' : query.query)?.[1];
      return selector === undefined ? [] : [{ of: `${file}: $${name}`, language: 'PromQL', expr: asked(selector) }];
    });
    const panels = dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, datasource }): DashboardQuery => {
        const language = datasource.type === 'loki' ? 'LogQL' : 'PromQL';
        return { of: `${file}: ${title}`, language, expr: asked(expr) };
      }),
    );
    return [...variables, ...panels];
  });
}
