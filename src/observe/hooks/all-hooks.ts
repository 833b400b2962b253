import type { ListenerPiles } from '../../lifetime/listener-piles.ts';
import type { PendingPlaces } from '../../lifetime/pending-places.ts';
import type { ScopeSamples } from '../../lifetime/scope-samples.ts';
import type { SwollenBuffers } from '../../lifetime/swollen-buffers.ts';
import type { Hook } from '../hook.ts';
import { clients } from './clients.ts';
import { fetchBodies } from './fetch.ts';
import { files } from './files.ts';
import { generators } from './generators.ts';
import { httpServers } from './http.ts';
import { listeners } from './listeners.ts';
import { pendingRequests } from './pending-requests.ts';
import { responseBodies } from './response-bodies.ts';
import { sockets } from './sockets.ts';
import { streams } from './streams.ts';
import { tasks } from './tasks.ts';
import { timers } from './timers.ts';
import { webStreams } from './web-streams.ts';
import { workers } from './workers.ts';
import { writeBuffers } from './write-buffers.ts';

/** Where hooks keep what is no lifetime. */
export interface HookStores {
  readonly piles: ListenerPiles;
  readonly buffers: SwollenBuffers;
  /** Ended scopes, requests without an answer, and where promises wait. */
  readonly retained: ScopeSamples;
  readonly requests: ScopeSamples;
  readonly places: PendingPlaces;
}

/** Every hook into Node, in the order in which they are attached. */
export const allHooks = ({ piles, buffers, retained, requests, places }: HookStores): readonly Hook[] => [
  httpServers,
  streams,
  webStreams,
  fetchBodies,
  responseBodies,
  generators,
  files,
  clients,
  sockets,
  writeBuffers(buffers),
  workers,
  timers,
  listeners(piles),
  tasks({ retained, places }),
  pendingRequests(requests),
];
