import { noRuns, type Runs } from '../../lifetime/scope-stats.ts';
import { ReturnOverride, type Stamp } from '../../runtime/stamp.ts';

const maxServers = 16;

/**
 * How often each server of the process is asked with each method: while no framework names routes, all that are is `GET *`,
 * and what answers health checks would hide that each request to the other server leaks. At most 16 servers are told apart.
 */
export class ServerRuns {
  readonly #onServer = runsOnServers();
  #servers = 0;

  /**
   * @param name of the work, `GET *`
   * @returns `undefined` where the server is not known, or not told apart
   */
  of(server: object | null | undefined, name: string): Runs | undefined {
    if (server === null || server === undefined) return undefined;
    return (this.#onServer.get(server) ?? this.#newServer(server))?.of(name);
  }

  #newServer(server: object): RunsByName | undefined {
    if (this.#servers >= maxServers) return undefined;
    this.#servers++;
    const byName = new RunsByName();
    this.#onServer.add(server, byName);
    return byName;
  }
}

/** Of one server. Most of its work has the name of the work before: a look into a map touches a dozen cold cache lines. */
class RunsByName {
  readonly #byName = new Map<string, Runs>();
  #lastName: string | undefined;
  #last: Runs = noRuns();

  of(name: string): Runs {
    if (name === this.#lastName) return this.#last;
    let runs = this.#byName.get(name);
    if (runs === undefined) this.#byName.set(name, (runs = noRuns()));
    this.#lastName = name;
    return (this.#last = runs);
  }
}

/** A `stamp()` written out: it is asked for each request. */
function runsOnServers(): Pick<Stamp<RunsByName>, 'get' | 'add'> {
  return class RunsOnServer extends ReturnOverride {
    readonly #runs: RunsByName;
    constructor(server: object, runs: RunsByName) {
      super(server);
      this.#runs = runs;
    }
    static get(server: object): RunsByName | undefined {
      return #runs in server ? server.#runs : undefined;
    }
    static add(server: object, runs: RunsByName): void {
      new RunsOnServer(server, runs);
    }
  };
}
