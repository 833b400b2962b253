import type { ListenerPiles } from '../../lifetime/listener-piles.ts';
import type { Hook } from '../hook.ts';
import { clients } from './clients.ts';
import { fetchBodies } from './fetch.ts';
import { files } from './files.ts';
import { generators } from './generators.ts';
import { httpServers } from './http.ts';
import { listeners } from './listeners.ts';
import { responseBodies } from './response-bodies.ts';
import { sockets } from './sockets.ts';
import { streams } from './streams.ts';
import { timers } from './timers.ts';
import { webStreams } from './web-streams.ts';
import { workers } from './workers.ts';

/** Where hooks keep what is no lifetime. */
export interface HookStores {
  readonly piles: ListenerPiles;
}

/** Every hook into Node, in the order in which they are attached. */
export const allHooks = ({ piles }: HookStores): readonly Hook[] => [
  httpServers,
  streams,
  files,
  webStreams,
  fetchBodies,
  responseBodies,
  generators,
  clients,
  sockets,
  workers,
  timers,
  listeners(piles),
];
