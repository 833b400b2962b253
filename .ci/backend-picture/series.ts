import { hurried } from '../../test/backend/deployed.ts';
import type { PicturePanel } from './panels.ts';

export interface Series {
  readonly name: string;
  /** Seconds since the beginning, and the value; `null` where there was none. */
  readonly points: readonly (readonly [atS: number, value: number | null])[];
}

export interface Span {
  readonly fromS: number;
  readonly toS: number;
}

interface RangeAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

const stepS = 1;

/** What a panel shows of that span, as Prometheus answers its queries. */
export async function seriesOf(prometheusUrl: string, panel: PicturePanel, span: Span): Promise<Series[]> {
  const all = await Promise.all(
    panel.queries.map(async ([expr, legend]) => {
      const query = hurried(
        expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', panel.job).replaceAll('$instance', '.+'),
      );
      const answer = await range(prometheusUrl, query, span);
      return answer.data.result.map(({ metric, values }): Series => {
        const at = new Map(values.map(([timeS, value]) => [Math.round(timeS), Number(value)]));
        const times = Array.from({ length: (span.toS - span.fromS) / stepS + 1 }, (_, index) => index * stepS);
        return { name: named(legend, metric), points: times.map((atS) => [atS, at.get(span.fromS + atS) ?? null]) };
      });
    }),
  );
  const kept = all.flat().filter(({ name }) => !panel.without.includes(name));
  if (kept.length === 0) throw new Error(`${panel.title}: Prometheus has no answer`);
  return kept;
}

async function range(prometheusUrl: string, query: string, { fromS, toS }: Span): Promise<RangeAnswer> {
  const response = await fetch(`${prometheusUrl}/api/v1/query_range`, {
    method: 'POST',
    body: new URLSearchParams({ query, start: String(fromS), end: String(toS), step: String(stepS) }),
  });
  const answer = (await response.json()) as RangeAnswer;
  if (answer.status !== 'success') throw new Error(`${query}: ${answer.error}`);
  return answer;
}

/** A legend as Grafana fills it in; which service it is, the picture says once. */
const named = (legend: string, metric: Readonly<Record<string, string>>): string =>
  legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => (label === 'job' ? '' : (metric[label] ?? ''))).trim();
