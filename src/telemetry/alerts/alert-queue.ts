import { type Alert, merged } from './alert.ts';
import { backOffMs } from './back-off.ts';
import type { Outcome } from './outcome.ts';

export interface AlertQueueOptions {
  /** Never rejects. */
  readonly deliver: (alert: Alert) => Promise<Outcome>;
  /** Given up. */
  readonly lost: (alert: Alert, why: string) => void;
  readonly nowMs: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** A timer that does not hold the process open. */
  readonly setTimeout: (fn: () => void, ms: number) => { cancel(): void };
}

interface Entry {
  readonly alert: Alert;
  readonly sinceMs: number;
  readonly attempts: number;
}

const maxWaiting = 100;
const maxAttempts = 12;
const maxAgeMs = 3_600_000;

/**
 * What one channel still has to send: one message at a time, one waiting for each finding, in order. After a failure all
 * of it waits, as what ails one message ails the next.
 */
export class AlertQueue {
  readonly #o: AlertQueueOptions;
  #waiting: Entry[] = [];
  #failures = 0;
  #pause: { cancel(): void } | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(options: AlertQueueOptions) {
    this.#o = options;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(alert: Alert): void {
    if (this.#closed) return;
    this.#put({ alert, sinceMs: this.#o.nowMs(), attempts: 0 });
    if (this.#pause === undefined) void this.#start();
  }

  /** Tries what waits once more, at once, until the first failure. Takes as long as the receiver lets it. */
  async flush(): Promise<void> {
    this.#pause?.cancel();
    this.#pause = undefined;
    await this.#start();
  }

  /** What waits is lost. */
  close(): void {
    this.#closed = true;
    this.#pause?.cancel();
    for (const { alert } of this.#waiting.splice(0)) this.#o.lost(alert, 'shut down');
  }

  #put(entry: Entry): void {
    const at = this.#waiting.findIndex(({ alert }) => alert.id === entry.alert.id);
    const older = this.#waiting[at];
    if (older === undefined) this.#waiting.push(entry);
    else {
      const alert = merged(older.alert, entry.alert, older.attempts > 0);
      this.#waiting.splice(at, 1, ...(alert === undefined ? [] : [{ ...older, alert }]));
    }
    while (this.#waiting.length > maxWaiting) this.#lose(this.#waiting.shift(), 'too many wait');
  }

  #start(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #run(): Promise<void> {
    const entry = this.#next();
    if (entry === undefined) return;
    const outcome = await this.#o.deliver(entry.alert);
    if (this.#settle({ ...entry, attempts: entry.attempts + 1 }, outcome) === 'next') await this.#run();
  }

  #next(): Entry | undefined {
    const oldestMs = this.#o.nowMs() - maxAgeMs;
    while (this.#waiting[0] !== undefined && this.#waiting[0].sinceMs < oldestMs)
      this.#lose(this.#waiting.shift(), 'not taken for an hour');
    return this.#waiting.shift();
  }

  #settle(entry: Entry, outcome: Outcome): 'next' | 'paused' {
    if (outcome.is !== 'failed') {
      this.#failures = 0;
      if (outcome.is === 'refused') this.#lose(entry, outcome.why);
      return 'next';
    }
    this.#failures++;
    if (entry.attempts >= maxAttempts || this.#closed) this.#lose(entry, outcome.why);
    else this.#putBack(entry);
    if (!this.#closed) this.#wait(backOffMs(this.#failures, this.#o.random(), outcome.retryAfterMs));
    return 'paused';
  }

  /** In front of all others; what came meanwhile about the same finding takes its place. */
  #putBack(entry: Entry): void {
    const at = this.#waiting.findIndex(({ alert }) => alert.id === entry.alert.id);
    const [newer] = at === -1 ? [] : this.#waiting.splice(at, 1);
    const alert = newer === undefined ? entry.alert : merged(entry.alert, newer.alert, true);
    if (alert !== undefined) this.#waiting.unshift({ ...entry, alert });
  }

  #wait(ms: number): void {
    this.#pause = this.#o.setTimeout(() => {
      this.#pause = undefined;
      void this.#start();
    }, ms);
  }

  #lose(entry: Entry | undefined, why: string): void {
    if (entry !== undefined) this.#o.lost(entry.alert, why);
  }
}
