import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** OpenTelemetry's `ExportResult`. */
interface Result {
  readonly code: number;
  readonly error?: Error;
}
export type Done = (result: Result) => void;
export const success: Result = { code: 0 };
const failure = (error: unknown): Result => ({
  code: 1,
  error: error instanceof Error ? error : new Error(String(error)),
});

/** `refused`: for what it is, so that it will be again (OTLP 1.5, "Failures": not to be retried). */
type Answer = 'taken' | 'not taken' | 'refused';

/** HTTP: bad data, too large, unprocessable. What else fails may be mended at the other end. */
const refusals: ReadonlySet<unknown> = new Set([400, 413, 422]);

function answerOf({ code, error }: Result): Answer {
  if (code === success.code) return 'taken';
  return refusals.has(Reflect.get(error ?? {}, 'code')) ? 'refused' : 'not taken';
}

/** What an outlet needs of the exporter behind it. */
interface Target<Batch> {
  export(batch: Batch, done: Done): void;
  shutdown(): Promise<void>;
}

export interface OutletOptions {
  /** Runs an export outside of what outlive observes, and of what the app traces. */
  readonly quietly: <T>(fn: () => T) => T;
  readonly failed: (error: unknown) => void;
  /** How long an export may take before the next one is let through. */
  readonly timeoutMs: number;
  readonly setTimeout: (fn: () => void, ms: number) => { cancel(): void };
  /** Something was given up: see `outlive.self.drops`. */
  readonly dropped: (what: ExportDrop, count: number) => void;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * What an outlet gives up while nobody takes it: events of findings, heartbeats of which a later one of the same finding
 * waits as well, collections of deltas.
 */
export type ExportDrop = 'events_lost' | 'heartbeats_folded' | 'deltas_lost';

/**
 * One export at a time, and nobody waits for it: the SDK's reader and processor would hold the process open by their
 * own timers, log to the app's diagnostics and call the app's error handler.
 */
export class Outlet<Batch> {
  readonly #target: Target<Batch>;
  readonly #o: OutletOptions;
  #underWay: Promise<Answer> | undefined;

  constructor(target: Target<Batch>, options: OutletOptions) {
    this.#target = target;
    this.#o = options;
  }

  get busy(): boolean {
    return this.#underWay !== undefined;
  }

  /** Never rejects. */
  send(batch: Batch): Promise<Answer> {
    const sent = this.#send(batch).finally(() => {
      if (this.#underWay === sent) this.#underWay = undefined;
    });
    this.#underWay = sent;
    return sent;
  }

  async idle(): Promise<void> {
    await this.#underWay;
  }

  async shutdown(): Promise<void> {
    await this.idle();
    await this.#o.quietly(() => this.#target.shutdown());
  }

  #send(batch: Batch): Promise<Answer> {
    return new Promise((resolve) => {
      const timer = this.#o.setTimeout(() => settle(failure(new Error('no answer'))), this.#o.timeoutMs);
      const settle = (result: Result): void => {
        timer.cancel();
        if (result.code !== success.code) this.#o.failed(result.error);
        resolve(answerOf(result));
      };
      try {
        this.#o.quietly(() => this.#target.export(batch, settle));
      } catch (error) {
        settle(failure(error));
      }
    });
  }
}

export interface MetricOutletOptions extends OutletOptions {
  /** Whether what is exported is what came since the export before. */
  readonly sendsDeltas: boolean;
}

/** Collections of deltas that wait for the exporter. */
const maxKept = 10;

/**
 * Where sums are running totals, what finds the outlet busy is left out: the next collection says it all. Deltas say
 * what no other says, so what was not taken is sent again before what comes next, and the oldest may go.
 */
export class MetricOutlet implements PushMetricExporter {
  readonly #outlet: Outlet<ResourceMetrics>;
  readonly #exporter: PushMetricExporter;
  readonly #maxKept: number;
  readonly #dropped: OutletOptions['dropped'];
  #kept: ResourceMetrics[] = [];
  #muted = false;

  constructor(exporter: PushMetricExporter, options: MetricOutletOptions) {
    this.#exporter = exporter;
    this.#dropped = options.dropped;
    this.#outlet = new Outlet(exporter, options);
    this.#maxKept = options.sendsDeltas ? maxKept : 0;
  }

  /** Nothing more is sent: the app's own provider has taken over, and no metric is told twice. */
  mute(): void {
    this.#muted = true;
    this.#kept = [];
  }

  export(metrics: ResourceMetrics, done: Done): void {
    if (!this.#muted && !this.#outlet.busy) void this.#send([...this.#kept.splice(0), metrics]);
    else if (!this.#muted) this.#keep([...this.#kept, metrics]);
    done(success);
  }

  async forceFlush(): Promise<void> {
    await this.#outlet.idle();
    await this.#send(this.#kept.splice(0));
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    await this.#outlet.shutdown();
  }

  async #send([next, ...rest]: readonly ResourceMetrics[]): Promise<void> {
    if (next === undefined) return;
    this.#kept = [...rest];
    const answer = await this.#outlet.send(next);
    if (answer === 'not taken') {
      this.#keep([next, ...this.#kept]);
      return;
    }
    if (answer === 'refused' && this.#maxKept > 0) this.#dropped('deltas_lost', 1);
    await this.#send(this.#kept.splice(0));
  }

  #keep(collections: readonly ResourceMetrics[]): void {
    if (this.#maxKept === 0 || this.#muted) return;
    this.#kept = collections.slice(-this.#maxKept);
    if (collections.length > this.#maxKept) this.#dropped('deltas_lost', collections.length - this.#maxKept);
  }

  selectAggregationTemporality: NonNullable<PushMetricExporter['selectAggregationTemporality']> = (instrumentType) =>
    this.#exporter.selectAggregationTemporality?.(instrumentType) ?? cumulative;
}

/** OpenTelemetry's `AggregationTemporality.CUMULATIVE`. */
const cumulative = 1;
