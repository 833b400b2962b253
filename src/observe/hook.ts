import type { Observer } from './observer.ts';
import type { Detach } from './patch.ts';

/** Hooks that are switched on and off together, by the option `hooks` and at run time. */
export const hookGroups = [
  'http',
  'streams',
  'webStreams',
  'fetch',
  'generators',
  'timers',
  'listeners',
  'clients',
  'sockets',
  'files',
  'tasks',
  'workers',
] as const;
export type HookGroup = (typeof hookGroups)[number];

/** One way into Node. Attaching is synchronous, cheap, and undone to the last property by what it returns. */
export interface Hook {
  readonly group: HookGroup;
  attach(observer: Observer): Detach;
  /** It was detached while outlive goes on: what it followed is not seen to end any more. Not called at the shutdown. */
  unseen?(observer: Observer): void;
}
