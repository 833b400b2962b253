import type { Finding } from '../../detect/finding.ts';
import { type Alert, alertOf, type Sender } from './alert.ts';
import { AlertGate, type AlertGateOptions } from './alert-gate.ts';
import { AlertQueue, type AlertQueueOptions } from './alert-queue.ts';

export interface AlertChannelOptions
  extends AlertGateOptions, Pick<AlertQueueOptions, 'deliver' | 'random' | 'setTimeout'> {
  readonly sender: Sender;
  /** Given up: a message, and why. */
  readonly lost: (why: string) => void;
}

/** One way out: what it tells, and what it still has to send. */
export class AlertChannel {
  readonly #sender: Sender;
  readonly #gate: AlertGate;
  readonly #queue: AlertQueue;

  constructor(options: AlertChannelOptions) {
    this.#sender = options.sender;
    this.#gate = new AlertGate(options);
    this.#queue = new AlertQueue({ ...options, lost: (alert, why) => this.#onLost(alert, why, options.lost) });
  }

  tell(finding: Finding): void {
    const action = this.#gate.actionOn(finding);
    if (action !== undefined) this.#queue.add(alertOf(finding, action, this.#sender));
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  close(): void {
    this.#queue.close();
  }

  #onLost({ finding, action }: Alert, why: string, lost: (why: string) => void): void {
    if (action === 'open') this.#gate.forget(finding);
    lost(why);
  }
}
