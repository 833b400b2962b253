import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { PicturePanel } from './panels.ts';
import type { Series } from './series.ts';

export interface Drawn {
  readonly panel: PicturePanel;
  readonly series: readonly Series[];
}

const light = { ground: '#ffffff', text: '#1f2328', faint: '#59636e', line: '#d1d9e0' };
const dark = { ground: '#0d1117', text: '#f0f6fc', faint: '#9198a1', line: '#3d444d' };
/** Told apart on both grounds, and by most eyes (Okabe and Ito, its yellow and black left out). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#8c8c8c'];

/** How an axis says a Grafana unit: its title, and its numbers. */
const axisOf: Readonly<Record<string, { readonly title: string; readonly labelExpr: string }>> = {
  short: { title: 'count', labelExpr: "format(datum.value, '~s')" },
  s: { title: 'seconds', labelExpr: "format(datum.value, '~s')" },
  bytes: { title: 'MB', labelExpr: "format(datum.value / 1e6, '~f')" },
  percentunit: { title: 'share of time', labelExpr: "format(datum.value, '~%')" },
};

const panelSize = { width: 350, height: 130 };

function viewOf({ panel, series }: Drawn) {
  const axis = axisOf[panel.unit];
  if (axis === undefined) throw new Error(`${panel.title}: nothing is known of the unit ${panel.unit}`);
  const values = series.flatMap(({ name, points }) => points.map(([atS, value]) => ({ atS, value, name })));
  const names = series.map(({ name }) => name);
  return {
    ...panelSize,
    title: { text: panel.title, subtitle: `${panel.row} · ${panel.description}` },
    data: { values },
    mark: panel.stacked
      ? { type: 'area' as const, line: { strokeWidth: 1 }, opacity: 0.75 }
      : { type: 'line' as const, strokeWidth: 1.75 },
    encoding: {
      x: {
        field: 'atS',
        type: 'quantitative' as const,
        title: 'seconds since the start',
        axis: { grid: false, tickCount: 6 },
      },
      y: {
        field: 'value',
        type: 'quantitative' as const,
        axis: { tickCount: 4, tickMinStep: panel.unit === 'short' ? 1 : 0, minExtent: 34, ...axis },
        scale: { domainMin: 0 },
        stack: panel.stacked,
      },
      color: {
        field: 'name',
        type: 'nominal' as const,
        scale: { range: colours },
        legend: {
          title: null,
          orient: 'bottom' as const,
          columns: names.some((name) => name.length > 12) ? 2 : 3,
          symbolType: 'stroke' as const,
          labelLimit: 180,
        },
      },
    },
  };
}

/** The panels, two in a line. */
export async function drawn(panels: readonly Drawn[], heading: { text: string; subtitle: string }): Promise<string> {
  const spec: TopLevelSpec = {
    background: light.ground,
    padding: 16,
    title: { ...heading, anchor: 'start', fontSize: 16, offset: 18 },
    columns: 2,
    spacing: 34,
    concat: panels.map(viewOf),
    resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
    config: {
      font: 'system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif',
      title: { anchor: 'start', color: light.text, subtitleColor: light.faint, fontSize: 13, subtitleFontSize: 11 },
      axis: {
        labelColor: light.faint,
        titleColor: light.faint,
        gridColor: light.line,
        domainColor: light.line,
        tickColor: light.line,
        titleFontWeight: 'normal',
      },
      legend: { labelColor: light.text },
      view: { stroke: null },
    },
  };
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  return readableInTheDark(slim(await view.toSVG()));
}

/** A tenth of a pixel is enough. */
const slim = (svg: string): string =>
  svg.replaceAll(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))));

function readableInTheDark(svg: string): string {
  const rules = Object.entries(light).flatMap(([name, colour]) =>
    ['fill', 'stroke'].map((kind) => `[${kind}="${colour}"]{${kind}:${dark[name as keyof typeof dark]}}`),
  );
  return svg.replace(
    /<svg[^>]*>/,
    (tag) => `${tag}<style>@media (prefers-color-scheme: dark){${rules.join('')}}</style>`,
  );
}
