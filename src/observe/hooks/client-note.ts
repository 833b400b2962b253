import type { Socket } from 'node:net';
import type { End, Remains } from '../../lifetime/probe.ts';
import type { Stamp } from '../../runtime/stamp.ts';

/** What is known of a client beyond its own fields. It may be ended and collected between two looks. */
export class ClientNote implements Remains {
  ended = false;
  /** Requests through it, and connections that it made for them. */
  uses = 0;
  connects = 0;
  looks = 0;
  /** Its sockets once they were found; weak, a client may drop them. */
  sockets: WeakRef<Socket>[] = [];
  readonly leftUndone = false;

  get end(): End {
    return this.ended ? 'released' : 'abandoned';
  }
}

export function noteOf(notes: Stamp<ClientNote>, client: object): ClientNote {
  let note = notes.get(client);
  if (note === undefined) notes.set(client, (note = new ClientNote()));
  return note;
}
