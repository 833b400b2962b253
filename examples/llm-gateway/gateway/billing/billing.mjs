import { Ledger } from './ledger.mjs';
import { BillingQueue } from './queue.mjs';
import { startBillingWorker } from './worker.mjs';

/** Takes usage without keeping the request waiting; a worker writes it down. */
export class Billing {
  #ledger;
  #queue;
  #stopWorker;

  constructor({ file, capacity, intervalMs, onError }) {
    this.#ledger = new Ledger(file);
    this.#queue = new BillingQueue(capacity);
    this.#stopWorker = startBillingWorker({ queue: this.#queue, ledger: this.#ledger, intervalMs, onError });
  }

  /** Whether it was taken: a full queue takes nothing more. */
  charge(tenant, model, { inputTokens, outputTokens }) {
    return this.#queue.push({ at: new Date().toISOString(), tenant: tenant.name, model, inputTokens, outputTokens });
  }

  totalsOf(tenant) {
    return this.#ledger.totalsOf(tenant.name);
  }

  close() {
    this.#stopWorker();
    this.#ledger.close();
  }
}
