import type { BatchObservableCallback, Histogram, Meter, Observable } from '@opentelemetry/api';
import { fillFindings } from './finding-rows.ts';
import { HistogramSamples } from './histogram-samples.ts';
import { fillRequests } from './http-rows.ts';
import { fillMemory } from './memory-rows.ts';
import { NameCap } from './name-cap.ts';
import { histograms, type HistogramDefinition, type HistogramKey } from './metric-table.ts';
import { scalars, type ScalarDefinition, type ScalarKey } from './metric-table.ts';
import { fillPools } from './pool-rows.ts';
import { fillQueues } from './queue-rows.ts';
import type { Readings } from './readings.ts';
import { recordsRequests } from './recorded-requests.ts';
import { fillResources } from './resource-rows.ts';
import { fillRuntime } from './runtime-rows.ts';
import { maxScalarSeries, type ScalarGroup, sureSeries } from './scalar-groups.ts';
import { ScalarSheet } from './scalar-sheet.ts';
import { fillScopes } from './scope-rows.ts';
import { fillSelf } from './self-rows.ts';
import { SeriesBudget } from './series-budget.ts';

export interface InstrumentsOptions {
  readonly meter: Meter;
  readonly readings: Readings;
  /** Whether the metrics of the semantic conventions are exported too. */
  readonly runtime: boolean;
  /** Whether each request is recorded as it ends: on an app's own provider, which takes nothing ready-made. */
  readonly recordsRequests: boolean;
  /** Runs the collection. */
  readonly timed: <T>(fn: () => T) => T;
  /** One part of the readings could not be taken; the others were. */
  readonly failed: (part: string, error: unknown) => void;
}

const maxDropReasons = 2;
const maxActiveResourceTypes = 3;
const maxMethods = 2;
const maxPools = 2;

/** All of outlive's instruments on one meter. Nothing happens between two collections but `drain`. */
export class Instruments {
  readonly #o: InstrumentsOptions;
  readonly #budget: SeriesBudget<ScalarGroup>;
  readonly #sheet: ScalarSheet;
  readonly #scalars: ReadonlyMap<ScalarKey, Observable>;
  readonly #samples: HistogramSamples;
  readonly #caps = {
    scopes: new NameCap(),
    queues: new NameCap(),
    findings: new NameCap(),
    dropReasons: new NameCap(maxDropReasons),
    activeResources: new NameCap(maxActiveResourceTypes),
    methods: new NameCap(maxMethods),
    pools: new NameCap(maxPools),
  };
  readonly #stopsRecording: () => void;
  readonly #observe: BatchObservableCallback = (result) => {
    this.#o.timed(() => {
      this.#fill();
      this.#sheet.observe(result, this.#scalars);
    });
  };

  constructor(options: InstrumentsOptions) {
    const { meter, runtime } = options;
    this.#o = options;
    this.#budget = new SeriesBudget(maxScalarSeries, sureSeries(runtime));
    this.#sheet = new ScalarSheet(this.#budget);
    this.#scalars = scalarsOn(meter, runtime);
    const ofHistograms = histogramsOn(meter, runtime);
    this.#samples = new HistogramSamples(ofHistograms);
    const durations = options.recordsRequests ? ofHistograms.get('requestDuration') : undefined;
    this.#stopsRecording = durations === undefined ? () => {} : recordsRequests(options.readings.requests, durations);
    meter.addBatchObservableCallback(this.#observe, [...this.#scalars.values()]);
  }

  /** Whether series were folded or left out, for the budget is used up. */
  get exhausted(): boolean {
    return this.#budget.exhausted;
  }

  /** Moves what was sampled since the last call into the histograms. */
  drain(): void {
    this.#part('histograms', () => this.#samples.drain(this.#o.readings));
  }

  detach(): void {
    this.#stopsRecording();
    this.#o.meter.removeBatchObservableCallback(this.#observe, [...this.#scalars.values()]);
  }

  #fill(): void {
    const { readings, runtime } = this.#o;
    const sheet = this.#sheet;
    const caps = this.#caps;
    sheet.begin();
    this.drain();
    this.#part('self', () => fillSelf(sheet, readings, caps.dropReasons));
    this.#part('resources', () => fillResources(sheet, readings));
    this.#part('findings', () => fillFindings(sheet, readings, caps.findings));
    this.#part('scopes', () => fillScopes(sheet, readings, caps.scopes));
    this.#part('queues', () => fillQueues(sheet, readings, caps.queues));
    this.#part('memory', () => {
      const memory = readings.memory();
      fillMemory(sheet, readings, memory);
      if (!runtime) return;
      fillRuntime(sheet, readings.runtime(), memory, caps.activeResources);
      fillRequests(sheet, readings.requests, caps.methods);
      fillPools(sheet, readings.pools(), caps.pools);
    });
  }

  /** What throws here would end in the app's own OpenTelemetry error handler. */
  #part(part: string, fill: () => void): void {
    try {
      fill();
    } catch (error) {
      this.#o.failed(part, error);
    }
  }
}

function scalarsOn(meter: Meter, runtime: boolean): Map<ScalarKey, Observable> {
  const entries = Object.entries<ScalarDefinition>(scalars) as [ScalarKey, ScalarDefinition][];
  return new Map(
    entries
      .filter(([, definition]) => runtime || definition.runtime !== true)
      .map(([key, definition]) => [key, observableOn(meter, definition)]),
  );
}

function observableOn(meter: Meter, { name, instrument, unit, description }: ScalarDefinition): Observable {
  const options = { unit, description };
  switch (instrument) {
    case 'counter':
      return meter.createObservableCounter(name, options);
    case 'upDownCounter':
      return meter.createObservableUpDownCounter(name, options);
    case 'gauge':
      return meter.createObservableGauge(name, options);
  }
}

function histogramsOn(meter: Meter, runtime: boolean): Map<HistogramKey, Histogram> {
  const entries = Object.entries<HistogramDefinition>(histograms) as [HistogramKey, HistogramDefinition][];
  return new Map(
    entries
      .filter(([, definition]) => runtime || definition.runtime !== true)
      .map(([key, { name, unit, description, bounds }]) => [
        key,
        meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...bounds] } }),
      ]),
  );
}
