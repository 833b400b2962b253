import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** OpenTelemetry's `ExportResult`. */
interface Result {
  readonly code: number;
  readonly error?: Error;
}
type Done = (result: Result) => void;
const success: Result = { code: 0 };
const failure = (error: unknown): Result => ({
  code: 1,
  error: error instanceof Error ? error : new Error(String(error)),
});

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
}

/**
 * One export at a time, and nobody waits for it: the SDK's reader and processor would hold the process open by their
 * own timers, log to the app's diagnostics and call the app's error handler.
 */
class Outlet<Batch> {
  readonly #target: Target<Batch>;
  readonly #o: OutletOptions;
  #underWay: Promise<boolean> | undefined;

  constructor(target: Target<Batch>, options: OutletOptions) {
    this.#target = target;
    this.#o = options;
  }

  get busy(): boolean {
    return this.#underWay !== undefined;
  }

  /** Never rejects; the answer is whether it was taken. */
  send(batch: Batch): Promise<boolean> {
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

  #send(batch: Batch): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#o.setTimeout(() => settle(failure(new Error('no answer'))), this.#o.timeoutMs);
      const settle = ({ code, error }: Result): void => {
        timer.cancel();
        if (code !== success.code) this.#o.failed(error);
        resolve(code === success.code);
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
  #kept: ResourceMetrics[] = [];
  #muted = false;

  constructor(exporter: PushMetricExporter, options: MetricOutletOptions) {
    this.#exporter = exporter;
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
    const taken = await this.#outlet.send(next);
    if (taken) await this.#send(this.#kept.splice(0));
    else this.#keep([next, ...this.#kept]);
  }

  #keep(collections: readonly ResourceMetrics[]): void {
    if (this.#maxKept > 0 && !this.#muted) this.#kept = collections.slice(-this.#maxKept);
  }

  selectAggregationTemporality: NonNullable<PushMetricExporter['selectAggregationTemporality']> = (instrumentType) =>
    this.#exporter.selectAggregationTemporality?.(instrumentType) ?? cumulative;
}

/** OpenTelemetry's `AggregationTemporality.CUMULATIVE`. */
const cumulative = 1;

/** Records that wait for the exporter. A finding tells itself again, so the oldest may go. */
const maxPending = 512;

/** What was not taken is sent again with what comes next. */
export class LogOutlet implements LogRecordExporter {
  readonly #outlet: Outlet<ReadableLogRecord[]>;
  #pending: ReadableLogRecord[] = [];
  /** Records that were given up. */
  dropped = 0;

  constructor(exporter: LogRecordExporter, options: OutletOptions) {
    this.#outlet = new Outlet(exporter, options);
  }

  export(records: ReadableLogRecord[], done: Done): void {
    this.#keep([...this.#pending, ...records]);
    if (!this.#outlet.busy) void this.#sendPending();
    done(success);
  }

  async forceFlush(): Promise<void> {
    await this.#outlet.idle();
    if (this.#pending.length > 0) await this.#sendPending();
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    await this.#outlet.shutdown();
  }

  async #sendPending(): Promise<void> {
    const batch = this.#pending;
    this.#pending = [];
    const taken = await this.#outlet.send(batch);
    if (!taken) this.#keep([...batch, ...this.#pending]);
    else if (this.#pending.length > 0) await this.#sendPending();
  }

  #keep(records: ReadableLogRecord[]): void {
    this.#pending = records.slice(-maxPending);
    this.dropped += records.length - this.#pending.length;
  }
}
