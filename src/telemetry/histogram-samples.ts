import type { Attributes, Histogram } from '@opentelemetry/api';
import { attribute, otherName } from './names.ts';
import { type HistogramKey, histograms } from './metric-table.ts';
import type { Readings } from './readings.ts';
import { maxRequestSeries } from './request-durations.ts';
import { SeriesBudget } from './series-budget.ts';

/** Series that one process's histograms make in a backend at most, every bucket counted. See docs/decisions/0007-series-budget.md. */
export const maxHistogramSeries = 150;

/** The buckets, one for what is above the last bound, the sum and the count. */
const weightOf = (key: HistogramKey): number => histograms[key].bounds.length + 3;

const gcTypes = 4;

type HistogramGroup = Exclude<HistogramKey, 'resourceLifetime'> | 'lifetimes' | 'otherLifetimes';

/**
 * Moves samples from where they were taken, at no cost to speak of, into the SDK's histograms: 0.2 µs each. Whoever
 * takes them bounds them, so drain often enough: at each sweep and at each collection.
 */
export class HistogramSamples {
  readonly #budget: SeriesBudget<HistogramGroup>;
  readonly #instruments: ReadonlyMap<HistogramKey, Histogram>;

  constructor(instruments: ReadonlyMap<HistogramKey, Histogram>) {
    this.#instruments = instruments;
    this.#budget = new SeriesBudget(maxHistogramSeries, {
      memoryRss: weightOf('memoryRss'),
      selfSweepDuration: weightOf('selfSweepDuration'),
      gcDuration: instruments.has('gcDuration') ? weightOf('gcDuration') * gcTypes : 0,
      requestDuration: instruments.has('requestDuration') ? weightOf('requestDuration') * (maxRequestSeries + 1) : 0,
      lifetimes: 0,
      otherLifetimes: weightOf('resourceLifetime'),
    });
  }

  drain(readings: Readings): void {
    for (const { kind, lifetimeSamplesS } of readings.tallies()) {
      for (const seconds of lifetimeSamplesS.splice(0)) this.#recordLifetime(kind, seconds);
    }
    for (const bytes of readings.drainRssSamplesBytes()) this.#record('memoryRss', bytes);
    for (const seconds of readings.drainSweepDurationsS()) this.#record('selfSweepDuration', seconds);
    for (const { type, durationMs } of readings.drainGcs()) {
      this.#record('gcDuration', durationMs / 1000, { [attribute.gcType]: type });
    }
  }

  #recordLifetime(kind: string, seconds: number): void {
    const told = this.#budget.allows('lifetimes', kind, weightOf('resourceLifetime')) ? kind : otherName;
    this.#record('resourceLifetime', seconds, { [attribute.kind]: told });
  }

  #record(key: HistogramKey, value: number, attributes: Attributes = {}): void {
    if (Number.isFinite(value)) this.#instruments.get(key)?.record(Math.max(value, 0), attributes);
  }
}
