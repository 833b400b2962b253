import type { Hook } from '../hook.ts';
import { clients } from './clients.ts';
import { httpServers } from './http.ts';
import { sockets } from './sockets.ts';
import { streams } from './streams.ts';
import { timers } from './timers.ts';

/** Every hook into Node, in the order in which they are attached. */
export const allHooks: readonly Hook[] = [httpServers, streams, clients, sockets, timers];
