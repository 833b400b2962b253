import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { OutletOptions } from './export-outlet.ts';
import { attribute } from './names.ts';

/** Of some 2 KB each. At the defaults 200 findings stand: room for two events of each, and more. */
const maxWaiting = 512;

/** Events that no collector has taken yet, in their order. */
export class EventBacklog {
  readonly #dropped: OutletOptions['dropped'];
  #waiting: ReadableLogRecord[] = [];

  constructor(dropped: OutletOptions['dropped']) {
    this.#dropped = dropped;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(records: readonly ReadableLogRecord[]): void {
    this.#keep([...this.#waiting, ...records]);
  }

  /** The oldest. */
  take(most: number): ReadableLogRecord[] {
    return this.#waiting.splice(0, most);
  }

  /** What was taken and not sent; it is older than what waits. */
  putBack(records: readonly ReadableLogRecord[]): void {
    this.#keep([...records, ...this.#waiting]);
  }

  /**
   * Where there are too many, the heartbeats go first whose finding is told of again by a later event, then the oldest.
   * So of each finding stay what became of it and its last heartbeat, however long nobody takes them.
   */
  #keep(records: ReadableLogRecord[]): void {
    const excess = records.length - maxWaiting;
    if (excess <= 0) {
      this.#waiting = records;
      return;
    }
    const superseded = new Set(supersededHeartbeats(records).slice(0, excess));
    const told = records.filter((record) => !superseded.has(record));
    this.#waiting = told.slice(-maxWaiting);
    if (superseded.size > 0) this.#dropped('heartbeats_folded', superseded.size);
    if (told.length > maxWaiting) this.#dropped('events_lost', told.length - maxWaiting);
  }
}

/** The oldest first. */
function supersededHeartbeats(records: readonly ReadableLogRecord[]): ReadableLogRecord[] {
  const toldLater = new Set<string>();
  const superseded: ReadableLogRecord[] = [];
  for (const record of records.toReversed()) {
    const { attributes } = record;
    // of one line a leak and a cost may stand under one id
    const finding = `${String(attributes[attribute.findingType])} ${String(attributes[attribute.findingId])}`;
    if (attributes[attribute.findingState] === 'updated' && toldLater.has(finding)) superseded.push(record);
    toldLater.add(finding);
  }
  return superseded.toReversed();
}
