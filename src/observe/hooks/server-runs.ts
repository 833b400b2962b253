import type { Runs } from '../../lifetime/scope-stats.ts';
import { stamp } from '../../runtime/stamp.ts';

const maxServers = 16;

/**
 * How often each server of the process is asked with each method: while no framework names routes, all that are is `GET *`,
 * and what answers health checks would hide that each request to the other server leaks. At most 16 servers are told apart.
 */
export class ServerRuns {
  readonly #byName = stamp<Map<string, Runs>>();
  #servers = 0;

  /**
   * @param name of the work, `GET *`
   * @returns `undefined` where the server is not known, or not told apart
   */
  of(server: object | null | undefined, name: string): Runs | undefined {
    if (server === null || server === undefined) return undefined;
    const byName = this.#byName.get(server) ?? this.#newServer(server);
    if (byName === undefined) return undefined;
    let runs = byName.get(name);
    if (runs === undefined) byName.set(name, (runs = { ended: 0 }));
    return runs;
  }

  #newServer(server: object): Map<string, Runs> | undefined {
    if (this.#servers >= maxServers) return undefined;
    this.#servers++;
    const byName = new Map<string, Runs>();
    this.#byName.add(server, byName);
    return byName;
  }
}
