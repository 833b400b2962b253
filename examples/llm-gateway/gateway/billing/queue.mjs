import { watchQueue } from 'outlive';

/** Usage that is not written yet: requests do not wait for the ledger. */
export class BillingQueue {
  #records = [];
  #capacity;

  constructor(capacity) {
    this.#capacity = capacity;
    watchQueue('billing', { size: () => this.#records.length, capacity }); // leak: queue
  }

  /** Whether there was room for it. */
  push(record) {
    return this.#records.length < this.#capacity && this.#records.push(record) > 0;
  }

  take(count) {
    return this.#records.splice(0, count);
  }

  putBack(records) {
    this.#records.unshift(...records);
  }
}
