import { Agent } from 'undici';
import { leaks } from '../leaks.mjs';

/** The connections for a client with a key of its own. The key travels in a header: the gateway's connections do. */
export function connectionsFor(shared) {
  if (leaks.has('clients')) return new Agent({ keepAliveTimeout: 600_000 }); // leak: clients
  return shared; // fix: clients
}
