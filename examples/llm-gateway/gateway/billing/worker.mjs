import { leaks } from '../leaks.mjs';
import { costOf } from './prices.mjs';

/** One record a turn cannot keep up with what comes in; a batch in one transaction can. */
const batchSize = leaks.has('queue') ? 1 : 500; // fix: queue

/** Moves usage from the queue into the ledger, turn by turn. Gives the function that stops it. */
export function startBillingWorker({ queue, ledger, intervalMs, onError }) {
  const writeBatch = () => {
    const records = queue.take(batchSize);
    if (records.length === 0) return;
    try {
      ledger.insertAll(records.map((record) => ({ ...record, cost: costOf(record) })));
    } catch (error) {
      queue.putBack(records);
      onError(error);
    }
  };
  const turns = setInterval(writeBatch, intervalMs);
  return () => {
    clearInterval(turns);
    writeBatch();
  };
}
