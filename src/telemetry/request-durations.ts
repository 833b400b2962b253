import type { Attributes } from '@opentelemetry/api';
import type * as Sdk from '@opentelemetry/sdk-metrics';
import type { RequestTimes } from '../lifetime/request-times.ts';
import { type RequestSeries, requestBoundsS } from '../lifetime/route-times.ts';
import { histograms } from './metric-table.ts';
import { NameCap } from './name-cap.ts';
import { scopeName } from './names.ts';
import { durationAttributes, otherRequests } from './request-attributes.ts';

/** Series of requests that are told apart; all others are one. See docs/decisions/0007-series-budget.md. */
export const maxRequestSeries = 4;

export interface RequestDurationsOptions {
  readonly times: RequestTimes;
  readonly version: string;
  readonly sdk: typeof Sdk;
  /** Of the exporter: what came since the last collection, or running totals. */
  readonly temporality: Sdk.AggregationTemporality;
  /** `DOUBLE`; of the API, which is not loaded here. */
  readonly valueType: Sdk.MetricDescriptor['valueType'];
  readonly wallMs: () => number;
}

type Sums = Pick<RequestSeries, 'counts' | 'count' | 'sumMs' | 'minMs' | 'maxMs'>;

/**
 * `http.server.request.duration`, straight from the ledger's integers to the reader of outlive's own provider: recorded one
 * by one, a request would cost more in the SDK's histogram than it costs in all of the hooks.
 */
export class RequestDurations implements Sdk.MetricProducer {
  readonly #o: RequestDurationsOptions;
  readonly #cap = new NameCap(maxRequestSeries);
  #before = new Map<string, Sums>();
  #sinceMs: number;

  constructor(options: RequestDurationsOptions) {
    this.#o = options;
    this.#sinceMs = options.wallMs();
  }

  async collect(): Promise<Sdk.CollectionResult> {
    const { sdk, temporality, version } = this.#o;
    const dataPoints = this.#points();
    const { name, unit, description } = histograms.requestDuration;
    const metric: Sdk.HistogramMetricData = {
      descriptor: { name, unit, description, valueType: this.#o.valueType },
      aggregationTemporality: temporality,
      dataPointType: sdk.DataPointType.HISTOGRAM,
      dataPoints,
    };
    const scopeMetrics = dataPoints.length === 0 ? [] : [{ scope: { name: scopeName, version }, metrics: [metric] }];
    // the reader takes the resource of the provider's own metrics
    return { resourceMetrics: { resource: noResource, scopeMetrics }, errors: [] };
  }

  #points(): Sdk.DataPoint<Sdk.Histogram>[] {
    const { temporality, wallMs, sdk } = this.#o;
    const isDelta = temporality === sdk.AggregationTemporality.DELTA;
    const nowMs = wallMs();
    const sinceMs = this.#sinceMs;
    if (isDelta) this.#sinceMs = nowMs;
    const points = [];
    for (const [id, { attributes, sums }] of this.#folded()) {
      const told = isDelta ? since(this.#before.get(id), sums) : sums;
      if (isDelta) this.#before.set(id, sums);
      if (told.count === 0) continue;
      points.push({ attributes, startTime: hrTime(sinceMs), endTime: hrTime(nowMs), value: histogramOf(told) });
    }
    return points;
  }

  /** The busiest have a series of their own. */
  #folded(): Map<string, { readonly attributes: Attributes; sums: Sums }> {
    const all = [...this.#o.times.routes].flatMap(({ name, series }) => [...series].map((one) => ({ name, one })));
    const folded = new Map<string, { attributes: Attributes; sums: Sums }>();
    for (const { name, one } of all.toSorted((a, b) => b.one.count - a.one.count)) {
      const id = `${name} ${one.status} ${one.secure} ${one.finished}`;
      const isNamed = this.#cap.admits(id);
      const key = isNamed ? id : '';
      const attributes = isNamed ? durationAttributes(name, one) : otherRequests;
      const before = folded.get(key);
      folded.set(key, { attributes, sums: before === undefined ? copyOf(one) : sumOf(before.sums, one) });
    }
    return folded;
  }
}

const noResource = {} as Sdk.ResourceMetrics['resource'];

const copyOf = ({ counts, count, sumMs, minMs, maxMs }: Sums): Sums => ({
  counts: [...counts],
  count,
  sumMs,
  minMs,
  maxMs,
});

const sumOf = (a: Sums, b: Sums): Sums => ({
  counts: a.counts.map((count, at) => count + (b.counts[at] ?? 0)),
  count: a.count + b.count,
  sumMs: a.sumMs + b.sumMs,
  minMs: Math.min(a.minMs, b.minMs),
  maxMs: Math.max(a.maxMs, b.maxMs),
});

/** Extremes are those of the whole time: they are not kept by interval. */
const since = (before: Sums | undefined, now: Sums): Sums =>
  before === undefined
    ? now
    : {
        ...now,
        counts: now.counts.map((count, at) => count - (before.counts[at] ?? 0)),
        count: now.count - before.count,
        sumMs: now.sumMs - before.sumMs,
      };

const histogramOf = ({ counts, count, sumMs, minMs, maxMs }: Sums): Sdk.Histogram => ({
  buckets: { boundaries: [...requestBoundsS], counts },
  count,
  sum: sumMs / 1000,
  min: minMs / 1000,
  max: maxMs / 1000,
});

const hrTime = (ms: number): [number, number] => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
