import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { backOffMs } from './alerts/back-off.ts';
import { EventBacklog } from './event-backlog.ts';
import { type Done, Outlet, type OutletOptions, success } from './export-outlet.ts';

/** Of fewer that are refused for what they are, none is tried alone. */
const leastBatch = 16;

/** What was not taken is sent again with what comes next, or by itself where nothing comes. */
export class LogOutlet implements LogRecordExporter {
  readonly #outlet: Outlet<ReadableLogRecord[]>;
  readonly #o: OutletOptions;
  readonly #backlog: EventBacklog;
  #sending: Promise<void> | undefined;
  /** Events to a request. */
  #most = Infinity;
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
    void this.#send();
    done(success);
  }

  async forceFlush(): Promise<void> {
    await this.#sending;
    await this.#send();
  }

  async shutdown(): Promise<void> {
    this.#closed = true;
    await this.forceFlush();
    await this.#outlet.shutdown();
  }

  /** One after the other. */
  #send(): Promise<void> | undefined {
    if (!this.#backlog.isEmpty) this.#sending ??= this.#sendWaiting();
    return this.#sending;
  }

  async #sendWaiting(): Promise<void> {
    this.#retry?.cancel();
    this.#retry = undefined;
    const batch = this.#backlog.take(this.#most);
    const answer = await this.#outlet.send(batch);
    if (answer === 'not taken') {
      this.#failures++;
      this.#backlog.putBack(batch);
      this.#retryLater();
    } else {
      this.#failures = 0;
      if (answer === 'taken') this.#most *= 2;
      else this.#giveWay(batch);
      if (!this.#backlog.isEmpty) return this.#sendWaiting();
    }
    this.#sending = undefined;
  }

  /** Sent again as it is, it would be refused for ever, and what waits behind it with it. */
  #giveWay(refused: readonly ReadableLogRecord[]): void {
    if (refused.length > leastBatch) {
      this.#most = Math.ceil(refused.length / 2);
      this.#backlog.putBack(refused);
    } else this.#o.dropped('events_lost', refused.length);
  }

  #retryLater(): void {
    if (this.#closed) return;
    this.#retry = this.#o.setTimeout(() => void this.#send(), backOffMs(this.#failures, this.#o.random()));
  }
}
