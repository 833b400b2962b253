import { installedVersion, isAmong } from '../runtime/installed-version.ts';
import { capturedFrames } from '../runtime/stack.ts';
import { Host, type IntegrationHost, type Surroundings } from './integration-host.ts';
import type { Detach } from './patch.ts';

export type { IntegrationHost, Surroundings } from './integration-host.ts';
export type { LibraryQueues, QueueReader } from './library-queues.ts';
export type { LibraryThings, ThingsOptions } from './library-things.ts';
export type { Detach } from './patch.ts';

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
  /** Called by outlive, never by an app: attaches to the library while outlive runs. Does not throw. */
  attach(surroundings: Surroundings): Detach;
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
  const made = new WeakMap<object, Integration>();
  const integrationOf = (library: L): Integration => {
    const misfit = misfitOf(definition, library);
    if (misfit !== undefined) return new AttachableIntegration(definition, library, { misfit });
    let integration = made.get(library);
    if (integration === undefined) {
      // who hands it in has imported it: there its version is found
      const usedIn = capturedFrames(1, integrationOf)[0]?.file;
      made.set(library, (integration = new AttachableIntegration(definition, library, { usedIn })));
    }
    return integration;
  };
  return integrationOf;
}

interface Found {
  readonly misfit?: Misfit;
  readonly usedIn?: string | undefined;
}

class AttachableIntegration<L extends object> implements Integration {
  readonly name: string;
  readonly versions: readonly string[];
  readonly misfit: Misfit | undefined;
  readonly #definition: IntegrationDefinition<L>;
  readonly #library: L;
  readonly #usedIn: string | undefined;

  constructor(definition: IntegrationDefinition<L>, library: L, { misfit, usedIn }: Found) {
    this.name = definition.name;
    this.versions = definition.versions;
    this.misfit = misfit;
    this.#definition = definition;
    this.#library = library;
    this.#usedIn = usedIn;
  }

  attach(surroundings: Surroundings): Detach {
    const { observer, warn } = surroundings;
    const host = new Host(this.name, surroundings);
    let attached = false;
    observer.guard(`integration ${this.name}`, () => {
      const unknown = this.#unknownVersion();
      if (unknown === undefined) host.onDetach(this.#definition.attach(host, this.#library));
      else
        warn(
          `the integration of ${this.name} stays off: it knows ${this.#versionsText()}, and ${unknown} is installed`,
        );
      attached = true;
    });
    if (!attached) host.detach();
    return () => host.detach();
  }

  #unknownVersion(): string | undefined {
    const installed = this.#usedIn === undefined ? undefined : installedVersion(this.name, this.#usedIn);
    return installed === undefined || isAmong(installed, this.versions) ? undefined : installed;
  }

  #versionsText(): string {
    return `version${this.versions.length === 1 ? '' : 's'} ${this.versions.join(', ')}`;
  }
}

function misfitOf<L extends object>({ library: { is, remedy, rule } }: IntegrationDefinition<L>, value: unknown) {
  try {
    if (is(value)) return undefined;
  } catch {
    // what throws when it is looked at is not it
  }
  return { rule, value, remedy };
}
