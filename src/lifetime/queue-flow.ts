/**
 * What went into a queue and came out of it, as running totals since the first look. Where the app counts one of them the
 * other follows: what went in and is not there came out.
 */
export class QueueFlow {
  enqueued: number | undefined = undefined;
  dequeued: number | undefined = undefined;
  #first: { readonly size: number; readonly enqueued: number; readonly dequeued: number } | undefined;

  read(size: number, enqueued: number | undefined, dequeued: number | undefined): void {
    this.#first ??= { size, enqueued: enqueued ?? 0, dequeued: dequeued ?? 0 };
    const first = this.#first;
    const gained = size - first.size;
    const [wentIn, cameOut] = [since(first.enqueued, enqueued), since(first.dequeued, dequeued)];
    this.enqueued = atLeast(this.enqueued, wentIn ?? (cameOut === undefined ? undefined : cameOut + gained));
    this.dequeued = atLeast(this.dequeued, cameOut ?? (wentIn === undefined ? undefined : wentIn - gained));
  }
}

const since = (first: number, now: number | undefined): number | undefined =>
  now === undefined ? undefined : now - first;

/** A total never falls, whatever the app counts. */
const atLeast = (before: number | undefined, now: number | undefined): number | undefined =>
  now === undefined ? before : Math.max(before ?? 0, now);
