import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { backOffMs } from './alerts/back-off.ts';
import { EventBacklog } from './event-backlog.ts';
import { type Done, Outlet, type OutletOptions, success } from './export-outlet.ts';

/** What was not taken is sent again with what comes next, or by itself where nothing comes. */
export class LogOutlet implements LogRecordExporter {
  readonly #outlet: Outlet<ReadableLogRecord[]>;
  readonly #o: OutletOptions;
  readonly #backlog: EventBacklog;
  #failures = 0;
  #retry: { cancel(): void } | undefined;
  #closed = false;

  constructor(exporter: LogRecordExporter, options: OutletOptions) {
    this.#outlet = new Outlet(exporter, options);
    this.#o = options;
    this.#backlog = new EventBacklog(options.dropped);
  }

  export(records: ReadableLogRecord[], done: Done): void {
    this.#backlog.add(records);
    if (!this.#outlet.busy) void this.#sendAll();
    done(success);
  }

  async forceFlush(): Promise<void> {
    await this.#outlet.idle();
    await this.#sendAll();
  }

  async shutdown(): Promise<void> {
    this.#closed = true;
    await this.forceFlush();
    await this.#outlet.shutdown();
  }

  async #sendAll(): Promise<void> {
    this.#retry?.cancel();
    this.#retry = undefined;
    if (this.#backlog.isEmpty) return;
    const batch = this.#backlog.takeAll();
    if (await this.#outlet.send(batch)) {
      this.#failures = 0;
      await this.#sendAll();
    } else {
      this.#failures++;
      this.#backlog.putBack(batch);
      this.#retryLater();
    }
  }

  #retryLater(): void {
    if (this.#closed) return;
    this.#retry?.cancel();
    this.#retry = this.#o.setTimeout(
      () => {
        this.#retry = undefined;
        if (!this.#outlet.busy) void this.#sendAll();
      },
      backOffMs(this.#failures, this.#o.random()),
    );
  }
}
