import type { IntegrationHost } from './integration-host.ts';
import type { Detach } from './patch.ts';

export type { IntegrationHost } from './integration-host.ts';
export type { LibraryQueues, QueueReader } from './library-queues.ts';
export type { LibraryThings, ThingsOptions } from './library-things.ts';

/** What an integration is made of: see `defineIntegration`. */
export interface IntegrationDefinition<L extends object> {
  /** The npm package: `p-queue`. */
  readonly name: string;
  /** The versions that it was tested with, by their first parts: `['9', '10']`, `['0.3']`. With any other it stays off. */
  readonly versions: readonly string[];
  /** What the app hands in: its own class or module, so that the copy that it works with is the one that is watched. */
  readonly library: {
    /** In words: `the class that p-queue exports`. */
    readonly rule: string;
    /** How it is done right, for who hands in something else. */
    readonly remedy: string;
    /** Whether it is that: by its shape, without a call of it. */
    is(value: unknown): boolean;
  };
  /**
   * Attaches to the library by what `host` offers, which undoes all of that itself.
   *
   * @returns undoes what was done without the host
   */
  attach(host: IntegrationHost, library: L): Detach | void;
}

/** An integration with what the app handed in: what `use()` takes. */
export interface Integration {
  readonly name: string;
  readonly versions: readonly string[];
  /** Why `use()` refuses it; `undefined` where nothing is wrong. */
  readonly misfit: Misfit | undefined;
  /** Called by outlive, never by an app: attaches to the library that was handed in. */
  attach(host: IntegrationHost): Detach | void;
}

/** Something else was handed in than the library. */
export interface Misfit {
  readonly rule: string;
  readonly value: unknown;
  readonly remedy: string;
}

/**
 * Defines an integration: how outlive sees a library of which Node's own hooks tell too little. It gets the library from
 * the app and works through the host alone, so that it cannot break the app: what it throws is caught, what it patches
 * passes through and is restored by identity, what it watches is held weakly.
 *
 * @returns takes what the app hands in, and gives what `use()` takes: the same for the same library
 * @example
 * ```ts
 * import { defineIntegration, use } from 'outlive';
 *
 * export const jobs = defineIntegration<typeof JobQueue>({
 *   name: 'jobs',
 *   versions: ['2', '3'],
 *   library: {
 *     rule: 'the class JobQueue',
 *     remedy: "E.g. import { JobQueue } from 'jobs'; use(jobs(JobQueue)).",
 *     is: (value) => typeof value === 'function' && 'push' in value.prototype,
 *   },
 *   attach(host, { prototype }) {
 *     const queues = host.queues<JobQueue>({ size: (queue) => queue.length });
 *     host.beforeCall(prototype, 'push', (queue) => queues.put(queue));
 *   },
 * });
 *
 * use(jobs(JobQueue));
 * ```
 */
export function defineIntegration<L extends object>(definition: IntegrationDefinition<L>): (library: L) => Integration {
  const { name, versions } = definition;
  const made = new WeakMap<object, Integration>();
  return (library) => {
    const misfit = misfitOf(definition, library);
    const known = misfit === undefined ? made.get(library) : undefined;
    if (known !== undefined) return known;
    const attach = (host: IntegrationHost): Detach | void => definition.attach(host, library);
    const integration: Integration = { name, versions, misfit, attach };
    if (misfit === undefined) made.set(library, integration);
    return integration;
  };
}

function misfitOf<L extends object>(
  { library: { is, remedy, rule } }: IntegrationDefinition<L>,
  value: unknown,
): Misfit | undefined {
  try {
    if (is(value)) return undefined;
  } catch {
    // what throws when it is looked at is not it
  }
  return { rule, value, remedy };
}
