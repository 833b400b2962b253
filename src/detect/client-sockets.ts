import { windowSweeps } from '../lifetime/levels.ts';
import type { Ledger } from '../lifetime/ledger.ts';
import type { Charge, Detector } from './detector.ts';
import { FollowedClient } from './followed-client.ts';

/** From so many open sockets on a client is followed. */
const minSockets = 8;
const maxFollowed = 200;
const rowsBetweenPauses = 64;

/**
 * Client sockets: of each client that has many, whether they grow without end, whether it has more than its own limit, and
 * whether those that it keeps are ever used again. A hint: what leaks is told at the line that leaves it open.
 */
export class ClientSockets implements Detector {
  readonly name = 'client-sockets';
  readonly #ledger: Ledger;
  readonly #followed: FollowedClient[] = [];
  readonly #known = new WeakSet<object>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  *check(sweep: number, nowMs: number): Iterable<Charge | undefined> {
    if (sweep % windowSweeps === 0) yield* this.#meet(nowMs);
    for (let at = this.#followed.length - 1; at >= 0; at--) {
      const client = this.#followed[at];
      if (client?.look(sweep, nowMs) === false) this.#followed.splice(at, 1);
      yield client?.charge(nowMs);
    }
  }

  *#meet(nowMs: number): Iterable<undefined> {
    const { survivors } = this.#ledger;
    for (let slot = 0; slot < survivors.end && this.#followed.length < maxFollowed; slot++) {
      if (slot % rowsBetweenPauses === 0) yield;
      const origin = survivors.origins[slot];
      if (origin?.type.kind !== 'client' || origin.site === null) continue;
      const client = survivors.refs[slot]?.deref();
      if (client === undefined || this.#known.has(client)) continue;
      if ((origin.type.probe.connectionsOf?.(client).open ?? 0) < minSockets) continue;
      this.#known.add(client);
      this.#followed.push(new FollowedClient(client, origin, nowMs));
    }
  }
}
