import type { Attributes } from '@opentelemetry/api';
import { DataPointType, type MetricData, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { Instruments } from '../../../src/telemetry/instruments.ts';
import type { Readings } from '../../../src/telemetry/readings.ts';

class Reader extends MetricReader {
  override onForceFlush = (): Promise<void> => Promise.resolve();
  override onShutdown = (): Promise<void> => Promise.resolve();
}

export interface Point {
  readonly attributes: Attributes;
  readonly value: number;
}

export interface Collection {
  readonly metrics: ReadonlyMap<string, MetricData>;
  /** The value of a scalar, the sum of a histogram. */
  value(name: string, attributes?: Attributes): number | undefined;
  points(name: string): readonly Point[];
  readonly scalarSeries: number;
  /** As a backend keeps them: each bucket, the sum and the count. */
  readonly histogramSeries: number;
}

/** Instruments on an SDK of their own, collected when the test says so. */
export function collectedBy(readings: Readings, { runtime = true }: { runtime?: boolean } = {}) {
  const reader = new Reader();
  const provider = new MeterProvider({ readers: [reader] });
  const failures: unknown[] = [];
  const instruments = new Instruments({
    meter: provider.getMeter('test'),
    readings,
    runtime,
    timed: (fn) => fn(),
    recordsRequests: runtime,
    failed: (part, error) => failures.push(part, error),
  });
  const collect = async (): Promise<Collection> => {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0 || failures.length > 0)
      throw new AggregateError([...errors, ...failures], 'collection failed');
    return collectionOf(resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics));
  };
  return { instruments, collect, failures };
}

function collectionOf(all: readonly MetricData[]): Collection {
  const metrics = new Map(all.map((metric) => [metric.descriptor.name, metric]));
  const points = (name: string): Point[] =>
    (metrics.get(name)?.dataPoints ?? []).map(({ attributes, value }) => ({
      attributes,
      value: typeof value === 'number' ? value : ((value as { sum?: number }).sum ?? 0),
    }));
  return {
    metrics,
    points,
    value: (name, wanted = {}) => points(name).find(({ attributes }) => sameAttributes(attributes, wanted))?.value,
    scalarSeries: all.reduce((sum, metric) => sum + (isHistogram(metric) ? 0 : metric.dataPoints.length), 0),
    histogramSeries: all.reduce((sum, metric) => sum + histogramSeriesOf(metric), 0),
  };
}

const isHistogram = ({ dataPointType }: MetricData): boolean => dataPointType === DataPointType.HISTOGRAM;

function histogramSeriesOf(metric: MetricData): number {
  if (metric.dataPointType !== DataPointType.HISTOGRAM) return 0;
  return metric.dataPoints.reduce((sum, { value }) => sum + value.buckets.counts.length + 2, 0);
}

const sameAttributes = (one: Attributes, other: Attributes): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value);
